"""Refusals about signing in from outside (外部登录的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class ProviderUnreachable(DomainError):
    """The other side did not answer, or not as OpenID Connect asks: sign in by password."""

    code = "provider_unreachable"
    status = 502
    en = "The identity provider does not answer. Sign in with your name and password."
    zh = "外部身份平台无应答，请用本平台登录名和密码登录。"


class OutsideSignInRefused(DomainError):
    """What came back from outside is not believed."""

    code = "outside_sign_in_refused"
    status = 403
    en = "The sign-in from outside is not believed ({reason}). Begin it again."
    zh = "外部登录未通过核验（{reason}），请重新发起。"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)


class NumberNotVerified(DomainError):
    """The other side does not vouch for a document number: nobody is linked by anything else."""

    code = "number_not_verified"
    status = 403
    en = "The identity provider does not vouch for a verified document number."
    zh = "外部身份平台未提供经核验的证件号码。"


class NoAccountForNumber(DomainError):
    """Nobody who may sign in here has this document."""

    code = "no_account_for_number"
    status = 403
    en = "No open account here belongs to this document."
    zh = "本平台没有与该证件对应的可用账户。"


class LinkedOtherwise(DomainError):
    """The identity outside belongs to another account here, or the account to another identity."""

    code = "linked_otherwise"
    status = 409
    en = "This identity and this account are linked with others. Sign in by password and unlink."
    zh = "该外部身份或本账户已有其他关联，请用密码登录后解除。"


class ClaimUnfit(DomainError):
    """A number that nobody vouches for would be believed."""

    code = "claim_unfit"
    status = 422
    en = "Name the claim that says the number was verified, or take it from verified_claims.claims."
    zh = "请指明“已核验”声明，或取自 verified_claims.claims 下的证件号码。"
