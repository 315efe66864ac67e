"""Refusals that every part knows, and the family all refusals belong to (拒绝)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Message:
    """One sentence for people, in both languages of the platform."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """Return the sentence in `language` ("en", anything else is Chinese)."""
        return self.en if language == "en" else self.zh


class DomainError(Exception):
    """A fact that stands in the way of what was asked.

    A subclass is one refusal: `code` is a promise to programs and never changes once released;
    `en` and `zh` are sentences for people and may. The facts given on raising fill the sentences
    and travel in the problem document as `facts`; they never carry personal data.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    en: ClassVar[str] = "A rule refuses this."
    zh: ClassVar[str] = "该操作不符合规则。"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    @property
    def message(self) -> Message:
        """The sentence for people, filled with the facts."""
        return Message(en=self.en.format(**self.facts), zh=self.zh.format(**self.facts))

    def __str__(self) -> str:
        """Return the English sentence, for logs and consoles."""
        return f"{self.code}: {self.message.en}"


class Unreadable(DomainError):
    """The request could not be read at all: not JSON, or JSON that lies about itself."""

    code = "unreadable"
    status = 400
    en = "The request cannot be read: {reason}."
    zh = "无法读取请求内容：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class NotSignedIn(DomainError):
    """Nobody is signed in, or the access token is no longer good: refresh it, then repeat."""

    code = "not_signed_in"
    status = 401
    en = "Sign in first."
    zh = "请先登录。"


class NotAllowed(DomainError):
    """Who asks is known and may not do this anywhere."""

    code = "not_allowed"
    status = 403
    en = "Your roles do not include this."
    zh = "您的角色没有此项权限。"


class NotFound(DomainError):
    """There is no such thing, or it is not yours to see."""

    code = "not_found"
    status = 404
    en = "There is no such thing, or it is not yours to see."
    zh = "不存在，或您无权查看。"


class MethodNotAllowed(DomainError):
    """The address exists and does not know this verb."""

    code = "method_not_allowed"
    status = 405
    en = "This address does not know that method."
    zh = "该地址不支持此请求方法。"


class NotAcceptable(DomainError):
    """The address cannot answer in the form asked for."""

    code = "not_acceptable"
    status = 406
    en = "This address cannot answer in the form asked for."
    zh = "无法以所要求的格式返回。"


class Conflict(DomainError):
    """Somebody else changed the same thing at the same moment: send the same request again."""

    code = "conflict"
    status = 409
    en = "Something else changed at the same moment. Send the same request again."
    zh = "与另一操作同时发生冲突，请原样重新发送。"


class IdTaken(DomainError):
    """Another thing already stands under this id."""

    code = "id_taken"
    status = 409
    en = "Another thing already stands under this id, and it differs from what was sent."
    zh = "该编号已被另一条内容不同的记录占用。"


class TooLarge(DomainError):
    """The body is larger than this address accepts."""

    code = "too_large"
    status = 413
    en = "The body is larger than {limit_bytes} bytes."
    zh = "请求内容超过 {limit_bytes} 字节。"

    def __init__(self, *, limit_bytes: int) -> None:
        super().__init__(limit_bytes=limit_bytes)


class WrongMediaType(DomainError):
    """The body is not of a kind this address reads."""

    code = "wrong_media_type"
    status = 415
    en = "Send the body as {expected}."
    zh = "请以 {expected} 格式发送请求内容。"

    def __init__(self, *, expected: str = "application/json") -> None:
        super().__init__(expected=expected)


class Invalid(DomainError):
    """The request was read, and some fields are wrong; `errors` says which and why."""

    code = "invalid"
    status = 422
    en = "Some fields are wrong."
    zh = "部分字段有误。"

    def __init__(self, errors: Mapping[str, Sequence[Message]]) -> None:
        super().__init__()
        self.errors = errors


class TooManyRequests(DomainError):
    """Asked too often; `retry_after` says when to come back."""

    code = "too_many_requests"
    status = 429
    en = "Too many requests. Come back in {retry_after} seconds."
    zh = "请求过于频繁，请在 {retry_after} 秒后重试。"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


class Broken(DomainError):
    """Something broke on the server. The details are in its log, never in the reply."""

    code = "broken"
    status = 500
    en = "Something broke on the server. Quote the request id when you report it."
    zh = "服务器内部错误。反馈时请提供请求编号。"


class Unavailable(DomainError):
    """The server cannot take this right now and lost nothing: try again."""

    code = "unavailable"
    status = 503
    en = "The server cannot take this right now. Try again in {retry_after} seconds."
    zh = "服务器暂时繁忙，请在 {retry_after} 秒后重试。"

    def __init__(self, *, retry_after: int = 1) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


def every_refusal(root: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Yield every refusal that has been defined, the root excluded."""
    for refusal in root.__subclasses__():
        yield refusal
        yield from every_refusal(refusal)
