"""Where a webhook may lead, whatever its name says today."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from typing import Any

import pytest

from server.messages import reaching, sending
from server.messages.errors import ChannelUnfit
from server.messages.reaching import LeadsInward, Reach
from server.messages.sending import Letter, NotDelivered
from tests.served import served

LETTER = Letter(
    id="1",
    kind="certificate_due",
    title_zh="提醒",
    title_en="Reminder",
    body_zh="请及时安排。",
    body_en="Please arrange it.",
    made_at="2026-06-15T12:00:00+08:00",
)
HOME = reaching.networks(["127.0.0.0/8"])


class Names:
    """A name service that says something else each time it is asked, as its owner likes."""

    def __init__(self, *answers: str | list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        """Say where a host is, this time."""
        self.asked.append(host)
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        addresses = [said] if isinstance(said, str) else said
        family = socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # looked at, not listened on
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("2002:c0a8:101::1", False),
    ],
)
def test_only_addresses_of_the_public_network_are_public(address: str, public: bool) -> None:
    assert reaching.is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://127.0.0.1/hook", "private network"),
        ("https://[::1]/hook", "private network"),
        ("https://[fe80::1]/hook", "private network"),
        ("https://2130706433/hook", "private network"),
        ("https://0x7f.1/hook", "private network"),
        ("https://localhost:8443/hook", "private network"),
        ("https://10.0.0.8/", "private network"),
        ("https://169.254.169.254/latest/meta-data", "private network"),
        ("https://a.example:99999/", "no https address"),
        ("https://[::1/", "no https address"),
        ("http://93.184.216.34/", "no https address"),
    ],
)
def test_an_address_that_leads_inward_is_refused_when_it_is_registered(
    address: str, reason: str
) -> None:
    with pytest.raises(ChannelUnfit) as refused:
        sending.check_webhook(address, may_be_plain=False, reach=Reach())

    assert reason in refused.value.message.en


def test_one_inward_address_among_many_spoils_a_name_and_an_unknown_name_is_refused() -> None:
    mixed = Reach(resolve=Names(["93.184.216.34", "10.0.0.8"]))
    with pytest.raises(ChannelUnfit, match="private"):
        sending.check_webhook("https://hooks.example/", may_be_plain=False, reach=mixed)
    nobody = Reach(resolve=Names([]))
    with pytest.raises(ChannelUnfit, match="not known"):
        sending.check_webhook("https://hooks.example/", may_be_plain=False, reach=nobody)
    fine = Reach(resolve=Names("93.184.216.34"))
    sending.check_webhook("https://hooks.example/", may_be_plain=False, reach=fine)


def test_a_keeper_lets_webhooks_into_networks_of_their_own() -> None:
    reach = Reach(allowed=reaching.networks(["10.20.0.0/16"]), resolve=Names("10.20.3.4"))

    assert reach.addresses("hooks.gov.example", 443) == ["10.20.3.4"]
    with pytest.raises(LeadsInward):
        Reach(allowed=reach.allowed, resolve=Names("10.21.0.1")).addresses("x.example", 443)


@pytest.fixture
def receiver() -> Iterator[Any]:
    """A receiver on this machine that counts who came."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name of the library
            self.rfile.read(int(self.headers["Content-Length"]))
            self.server.hosts.append(self.headers["Host"])  # type: ignore[attr-defined]  # ours
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.hosts = []  # type: ignore[attr-defined]  # ours
    with served(server):
        yield server


def send(address: str, reach: Reach) -> None:
    sending.by_webhook(LETTER, address, secret=b"s", timestamp="1", reach=reach)


def test_a_name_that_was_turned_inward_since_is_not_followed(receiver: Any) -> None:
    address = f"http://hooks.example:{receiver.server_port}/"
    names = Names("93.184.216.34", "127.0.0.1")
    reach = Reach(resolve=names)
    sending.check_webhook(address, may_be_plain=True, reach=reach)

    with pytest.raises(NotDelivered, match="LeadsInward"):
        send(address, reach)

    assert (receiver.hosts, names.asked) == ([], ["hooks.example"] * 2)


def test_the_connection_goes_to_the_address_that_was_looked_at_under_its_own_name(
    receiver: Any,
) -> None:
    # Asked a second time, the name would lead where nobody listens.
    names = Names("127.0.0.1", "127.0.0.9")

    send(f"http://hooks.example:{receiver.server_port}/in", Reach(allowed=HOME, resolve=names))

    assert receiver.hosts == [f"hooks.example:{receiver.server_port}"]
    assert names.asked == ["hooks.example"]
