"""The way out and back: authorization code with PKCE by OpenID Connect (外部登录流程)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from server.auth import doorkeeper
from server.auth.services.devices import Admission, Arrival
from server.config import Mode
from server.db import db, transaction
from server.federation import believing, claims, talking
from server.federation.errors import OutsideSignInRefused
from server.federation.models import IdentityProvider
from server.federation.services import arriving, providers
from server.federation.talking import Client
from server.federation.tickets import Ticket
from server.messages.reaching import Reach, reach_of


@dataclass(frozen=True, kw_only=True)
class Way:
    """What a sign-in needs of the place it runs in."""

    reach: Reach
    may_be_plain: bool
    #: Where the platform is reached from outside.
    public_url: str
    address: str

    def back_to(self, provider_id: UUID) -> str:
        """Return where a provider sends people back to: an address for each, so none is mixed."""
        return f"{self.public_url}/v1/identity-providers/{provider_id}/return"


def way_here(host_url: str) -> Way:
    """Return the way of this request; where nobody said what the platform is called, by its host.

    A host that somebody made up leads nowhere: the provider knows where it sends people back to.
    """
    config = doorkeeper.settings()
    return Way(
        reach=reach_of(config),
        may_be_plain=config.mode is not Mode.PRODUCTION,
        public_url=config.public_url or host_url.rstrip("/"),
        address=doorkeeper.address(),
    )


def leads_to(provider: IdentityProvider, ticket: Ticket, way: Way, *, at: datetime) -> str:
    """Return where the browser goes for a sign-in that begins.

    Raises:
        ProviderUnreachable: the provider does not say where.
    """
    said = talking.metadata(_client(provider, way), at=at)
    url: str = prepare_grant_uri(
        said["authorization_endpoint"],
        client_id=provider.client_id,
        response_type="code",
        redirect_uri=way.back_to(provider.id),
        scope=provider.scope,
        state=ticket.state,
        nonce=ticket.nonce,
        code_challenge=create_s256_code_challenge(ticket.verifier),
        code_challenge_method="S256",
    )
    return url


def came_back(
    provider_id: UUID,
    ticket: Ticket,
    query: Mapping[str, Any],
    way: Way,
    *,
    at: datetime,
    lifetime: timedelta,
) -> Admission:
    """Admit whoever comes back with a code. Nothing is asked outside within a transaction.

    Raises:
        OutsideSignInRefused: it is not the return of this ticket, or is not believed.
        TooManyTries: too many came back from this address without being admitted.
        ProviderUnreachable: the provider does not answer.
        NumberNotVerified, NoAccountForNumber, LinkedOtherwise: nobody here is it.
        NotFound: the provider is believed no longer.
    """
    provider = providers.get(provider_id)
    client, wanted = _client(provider, way), provider.number_claim
    code = _code(provider, ticket, query)
    db.session.rollback()
    with transaction():
        arriving.come_back(ticket.digest, address=way.address, at=at)
    said = _believed(client, code, ticket, way.back_to(provider_id), wanted=wanted, at=at)
    with transaction():
        provider = providers.get(provider_id)
        number = claims.number_of(said, provider.number_claim, provider.verified_claim)
        arrival = Arrival(device_id=ticket.device_id, name=ticket.device_name, address=way.address)
        return arriving.admit(
            provider,
            subject=said["sub"],
            number=number,
            arrival=arrival,
            at=at,
            lifetime=lifetime,
        )


def _code(provider: IdentityProvider, ticket: Ticket, query: Mapping[str, Any]) -> str:
    """Return the code of a return that belongs to the ticket."""
    if ticket.provider_id != provider.id:
        raise OutsideSignInRefused(reason="ticket")
    if not hmac.compare_digest(ticket.state.encode(), query["state"].encode()):
        raise OutsideSignInRefused(reason="state")
    # Who answers says who they are (RFC 9207): a code of one is not given to another.
    if query["iss"] is not None and query["iss"] != provider.issuer:
        raise OutsideSignInRefused(reason="issuer")
    if query["error"] is not None or query["code"] is None:
        raise OutsideSignInRefused(reason="declined")
    code: str = query["code"]
    return code


def _believed(
    client: Client, code: str, ticket: Ticket, redirect_uri: str, *, wanted: str, at: datetime
) -> Mapping[str, Any]:
    """Return what the provider says of who signed in; asked once more where its token is short."""
    told = talking.exchanged(
        code, verifier=ticket.verifier, redirect_uri=redirect_uri, client=client, at=at
    )
    said = believing.claims_of(
        told.id_token,
        metadata=talking.metadata(client, at=at),
        keys=lambda fresh: talking.keys(client, at=at, fresh=fresh),
        client_id=client.client_id,
        nonce=ticket.nonce,
        access_token=told.access_token,
        at=at,
    )
    if told.access_token is None or claims.says(said, wanted):
        return said
    more = talking.userinfo(told.access_token, client=client, at=at)
    # Who is asked about must be who signed in (OpenID Connect Core 5.3.2).
    if more and more.get("sub") != said["sub"]:
        raise OutsideSignInRefused(reason="userinfo")
    return {**more, **said}


def _client(provider: IdentityProvider, way: Way) -> Client:
    return Client(
        issuer=provider.issuer,
        client_id=provider.client_id,
        client_secret=providers.secret_of(provider),
        reach=way.reach,
        may_be_plain=way.may_be_plain,
    )
