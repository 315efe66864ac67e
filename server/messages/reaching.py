"""Where a webhook may lead: not to this machine, and not into the networks around it (外发地址).

Whoever registers a webhook chooses a name, and whoever owns the name chooses what it leads to,
another address at each question if they like. So a name is resolved once, all its addresses are
looked at, and the connection is made to one of these addresses, never to the name again.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any

from server.config import Config

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: IPv6 addresses that a gateway turns into IPv4: RFC 6052, the last 32 bits are the address.
_TRANSLATED = IPv6Network("64:ff9b::/96")

#: What resolves a name, as `socket.getaddrinfo` does.
Resolve = Callable[..., Iterable[tuple[Any, ...]]]


class LeadsInward(OSError):
    """The address lies on this machine or in a network that is not the public one."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return networks written as `10.20.0.0/16`.

    Raises:
        ValueError: one is no network.
    """
    return tuple(ip_network(text.strip()) for text in texts)


def is_public(address: Address) -> bool:
    """Say whether an address, and any address hidden in it, belongs to the public network."""
    return all(each.is_global and not each.is_multicast for each in _seen(address))


def _seen(address: Address) -> Iterator[Address]:
    """Yield what is reached by an address: an IPv4 address inside of an IPv6 one as well."""
    if isinstance(address, IPv4Address):
        yield address
        return
    hidden = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _TRANSLATED:
        hidden.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    if address.ipv4_mapped is None:
        yield address
    yield from (each for each in hidden if each is not None)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far this installation sends: the public network, and what its keeper allows beside."""

    allowed: tuple[Network, ...] = ()
    resolve: Resolve = socket.getaddrinfo

    def addresses(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host; one among them that leads inward spoils them all.

        Raises:
            LeadsInward: an address is neither public nor allowed.
            OSError: the name is not known.
        """
        try:
            rows = list(self.resolve(host, port, type=socket.SOCK_STREAM))
        except UnicodeError as error:
            raise OSError(str(error)) from None
        found = list(dict.fromkeys(str(row[4][0]) for row in rows))
        if not found:
            raise OSError("The name has no address.")
        if not all(self._may_be_reached(text) for text in found):
            raise LeadsInward("The address leads inward.")
        return found

    def connection(
        self, scheme: str, host: str, port: int | None, *, seconds: float
    ) -> http.client.HTTPConnection:
        """Return a connection to an address that was looked at; TLS checks the name all the same.

        Raises:
            LeadsInward: an address is neither public nor allowed.
            OSError: the name is not known, or nobody answers there.
        """
        secure = scheme == "https"
        port = port or (443 if secure else 80)
        made = http.client.HTTPConnection(host, port, timeout=seconds)
        made.sock = _connected(self.addresses(host, port), port, seconds)
        if secure:
            context = ssl.create_default_context()
            try:
                made.sock = context.wrap_socket(made.sock, server_hostname=host)
            except OSError:
                made.close()
                raise
        return made

    def _may_be_reached(self, text: str) -> bool:
        # A scope such as `fe80::1%eth0` only ever names a neighbour.
        if "%" in text:
            return False
        address = ip_address(text)
        mapped = getattr(address, "ipv4_mapped", None) or address
        return is_public(address) or any(mapped in network for network in self.allowed)


def reach_of(config: Config) -> Reach:
    """Return how far an installation sends by its settings."""
    return Reach(allowed=networks(config.webhook_networks))


def _connected(addresses: list[str], port: int, seconds: float) -> socket.socket:
    failure: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=seconds)
        except OSError as error:
            failure = error
    raise failure or OSError("The name has no address.")
