"""Sending one message outside: by SMTP, or as a signed request to a webhook (投递通道).

A webhook is sent JSON with the headers `X-Timestamp` and `X-Signature`: HMAC-SHA256 over
`timestamp.body` in hexadecimal digits. Whoever receives it refuses old timestamps. A repeated
message has the same `id`, so that it is heeded once.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from server.messages.errors import ChannelUnfit
from server.messages.reaching import LeadsInward, Reach

#: Seconds that a receiver may take.
PATIENCE = 10

_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")


class NotDelivered(RuntimeError):
    """The receiver did not take the message.

    Args:
        why: in a word.
        status: what it answered; None where it did not answer.
    """

    def __init__(self, why: str, *, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as it leaves."""

    id: str
    kind: str
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    made_at: str
    #: The thing it is about, for programs that look it up.
    subject_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Post:
    """The mail server that letters are handed to: `smtp://user:password@host:port?from=a@b`."""

    url: str = field(repr=False)

    @property
    def sender(self) -> str:
        """Whose letters they are."""
        query = dict(part.partition("=")[::2] for part in urlsplit(self.url).query.split("&"))
        return unquote(query.get("from", "")) or "noreply@localhost"


def check_mail(address: str) -> None:
    """Make sure that a mail address looks like one.

    Raises:
        ChannelUnfit: it does not.
    """
    if not _MAIL.fullmatch(address):
        raise ChannelUnfit(reason="it is no mail address", reason_zh="不是有效的邮箱地址")


def check_webhook(address: str, *, may_be_plain: bool, reach: Reach) -> None:
    """Make sure that a webhook is reached encrypted (plain only for trying out), and outside.

    Raises:
        ChannelUnfit: it is no such address, or leads to this machine or a private network.
    """
    schemes = ("https", "http") if may_be_plain else ("https",)
    try:
        parts, port = urlsplit(address), urlsplit(address).port
    except ValueError:
        raise _no_webhook() from None
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.fragment:
        raise _no_webhook()
    try:
        reach.addresses(parts.hostname, port or 443)
    except LeadsInward:
        raise ChannelUnfit(
            reason="it leads to this machine or into a private network",
            reason_zh="该地址指向本机或内部网络",
        ) from None
    except OSError:
        raise ChannelUnfit(reason="its name is not known", reason_zh="域名无法解析") from None


def _no_webhook() -> ChannelUnfit:
    return ChannelUnfit(reason="it is no https address", reason_zh="应为 https 地址")


def by_mail(letter: Letter, address: str, post: Post) -> None:
    """Hand a letter to the mail server.

    Raises:
        NotDelivered: the server did not take it.
    """
    mail = EmailMessage()
    mail["Subject"] = f"{letter.title_zh} {letter.title_en}"
    mail["From"], mail["To"] = post.sender, address
    mail["Message-ID"] = f"<{letter.id}@safety-training-platform>"
    mail.set_content(f"{letter.body_zh}\n\n{letter.body_en}\n")
    parts = urlsplit(post.url)
    secure = parts.scheme in ("smtps", "smtp+starttls")
    try:
        with _open(parts.scheme, parts.hostname or "localhost", parts.port) as server:
            if secure and parts.scheme != "smtps":
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise NotDelivered(type(error).__name__) from None


def _open(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port or 465, timeout=PATIENCE, context=context)
    return smtplib.SMTP(host, port or 587, timeout=PATIENCE)


def signature(body: bytes, *, timestamp: str, secret: bytes) -> str:
    """Return the signature of a webhook's request."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def by_webhook(
    letter: Letter, address: str, *, secret: bytes, timestamp: str, reach: Reach
) -> None:
    """Send a letter to a webhook; anything but 2xx means that it was not taken.

    Where its name leads is looked at again: it may have been turned inward since it was registered.

    Raises:
        NotDelivered: the receiver did not take it, or is none that may be reached.
    """
    body = json.dumps(vars(letter), ensure_ascii=False).encode()
    headers = {
        "X-Timestamp": timestamp,
        "X-Signature": signature(body, timestamp=timestamp, secret=secret),
    }
    post(address, body, headers, reach=reach)


def post(address: str, body: bytes, headers: Mapping[str, str], *, reach: Reach) -> None:
    """Send JSON to an address; anything but 2xx means that it was not taken.

    Raises:
        NotDelivered: the receiver did not take it, or is none that may be reached.
    """
    headers = {"Content-Type": "application/json", **headers}
    try:
        status = _request(address, body, headers, reach)
    except (OSError, http.client.HTTPException) as error:
        raise NotDelivered(type(error).__name__) from None
    if not 200 <= status < 300:
        raise NotDelivered(f"status {status}", status=status)


def _request(address: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> int:
    parts = urlsplit(address)
    host = parts.hostname or ""
    connection = reach.connection(parts.scheme, host, parts.port, seconds=PATIENCE)
    try:
        # Redirects are not followed: a receiver that moved says so to whoever registered it.
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()
