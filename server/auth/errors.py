"""Refusals of signing in, accounts and grants (账户相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError, NotSignedIn


class WrongCredentials(DomainError):
    """Name and password do not belong together; it is not said which of them is unknown."""

    code = "wrong_credentials"
    status = 401
    en = "The sign-in name or the password is wrong."
    zh = "登录名或密码错误。"


class TooManyTries(DomainError):
    """The password was tried too often from this place: wait, nothing is locked."""

    code = "too_many_tries"
    status = 429
    en = "Too many tries. Try again in {retry_after} seconds."
    zh = "尝试次数过多，请在 {retry_after} 秒后重试。"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


class PasswordMustBeChanged(DomainError):
    """The password is right and must be replaced: sign in again with a `new_password` beside it.

    It was a one-time password, or is too short for roles that were granted since.
    """

    code = "password_must_be_changed"
    status = 403
    en = "Choose a password of your own to sign in."
    zh = "请先设置新密码再登录。"


class FirstPasswordExpired(DomainError):
    """The one-time password was not used in time: ask for another."""

    code = "first_password_expired"
    status = 403
    en = "The one-time password has expired. Ask for a new one."
    zh = "初始密码已过期，请联系管理员重新发放。"


class NewPasswordNotAsked(DomainError):
    """A `new_password` goes with a password that must be replaced; change others signed in."""

    code = "new_password_not_asked"
    status = 409
    en = "Sign in without a new password, then change it."
    zh = "请先登录，再修改密码。"


class RefreshRefused(NotSignedIn):
    """The refresh token does not count, or not any more: sign in again."""

    code = "refresh_refused"
    en = "Sign in again."
    zh = "登录状态已失效，请重新登录。"


class RefreshReused(NotSignedIn):
    """An old refresh token was shown: somebody else may hold it, so the device was signed out."""

    code = "refresh_reused"
    en = "This device was signed out for safety. Sign in again."
    zh = "检测到登录凭证异常，本设备已退出，请重新登录。"


class SignInNameTaken(DomainError):
    """Another account signs in with this name or telephone number."""

    code = "sign_in_name_taken"
    en = "Another account signs in with this name or telephone number."
    zh = "该登录名或手机号已被其他账户使用。"


class PersonHasAccount(DomainError):
    """The person has an account; more roles are granted to it, not to a second one."""

    code = "person_has_account"
    en = "This person has an account already."
    zh = "该人员已有账户，请在原账户上授权。"


class AccountClosed(DomainError):
    """The account was closed and does nothing any more."""

    code = "account_closed"
    en = "The account is closed."
    zh = "该账户已停用。"


class GrantBeyondOwn(DomainError):
    """The account has roles outside of where the asker manages accounts."""

    code = "grant_beyond_own"
    status = 403
    en = "That account has roles beyond where you manage accounts."
    zh = "该账户拥有您管理范围之外的角色。"


class GrantToOneself(DomainError):
    """Nobody grants roles to their own person, or takes them back: somebody else must."""

    code = "grant_to_oneself"
    status = 403
    en = "Nobody changes their own roles. Ask another administrator."
    zh = "不能更改本人的角色，请由其他管理员办理。"


class GrantSpanEmpty(DomainError):
    """A grant ends on or before the day it begins."""

    code = "grant_span_empty"
    status = 422
    en = "A grant ends after the day it begins."
    zh = "授权截止日期必须晚于起始日期。"


class GrantTaken(DomainError):
    """Another grant stands under this id, or this one was taken back."""

    code = "grant_taken"
    en = "Another grant stands under this id, or this one was taken back."
    zh = "该授权编号已被占用，或该授权已被收回。"
