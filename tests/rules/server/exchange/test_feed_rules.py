"""Cursors belong to one client; webhooks are believed once, soon, and by their signature."""

from __future__ import annotations

import base64
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import DomainError
from server.exchange import feed_rules
from server.exchange.errors import (
    BadFeedCursor,
    ForeignCursor,
    WebhookTooOld,
    WebhookUnsigned,
)
from tests.moments import NOON

# The same in every process: they stand in the names of tests.
OURS, THEIRS = UUID(int=1), UUID(int=2)
SECRET, NEXT = bytes(range(32)), bytes(range(32, 64))
BODY = b'{"type":"feed.advanced"}'


@given(st.integers(0, 10**12))
def test_a_cursor_leads_back_to_its_entry_and_to_nobody_elses(seq: int) -> None:
    cursor = feed_rules.cursor_behind(seq, OURS)

    assert feed_rules.seq_of(cursor, OURS, head=10**12) == seq
    with pytest.raises(ForeignCursor):
        feed_rules.seq_of(cursor, THEIRS, head=10**12)


def made_of(text: str) -> str:
    """Return what looks like a cursor and says something else."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "é",
        made_of("nothing"),
        made_of(f"{OURS.hex}."),
        made_of(f"{OURS.hex}.-1"),
        made_of(f"{OURS.hex}.{'9' * 40}"),
        made_of(f"{OURS.hex}.11"),
    ],
)
def test_what_is_no_cursor_of_the_feed_is_refused(cursor: str) -> None:
    with pytest.raises(BadFeedCursor):
        feed_rules.seq_of(cursor, OURS, head=10)


def test_the_feed_begins_without_a_cursor() -> None:
    assert feed_rules.seq_of(None, OURS, head=10) == 0


def test_a_webhook_is_believed_by_either_secret_while_one_is_changed() -> None:
    headers = feed_rules.signed("msg_1", NOON, BODY, [NEXT, SECRET])

    for known in (SECRET, NEXT):
        assert feed_rules.believed(headers, BODY, [known], at=NOON) == "msg_1"


def test_a_signature_is_that_of_standard_webhooks() -> None:
    headers = feed_rules.signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        NOON.fromtimestamp(1614265330, tz=NOON.tzinfo),
        b'{"test": 2432232314}',
        [base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("changed", "body", "after", "refusal"),
    [
        ({"webhook-signature": ""}, BODY, 0, WebhookUnsigned),
        ({"webhook-signature": "v1,AAAA"}, BODY, 0, WebhookUnsigned),
        ({"webhook-signature": "v1,é"}, BODY, 0, WebhookUnsigned),
        ({"webhook-id": "msg_2"}, BODY, 0, WebhookUnsigned),
        ({"webhook-timestamp": "1"}, BODY, 0, WebhookUnsigned),
        ({"webhook-timestamp": "now"}, BODY, 0, WebhookUnsigned),
        ({}, BODY + b" ", 0, WebhookUnsigned),
        ({}, BODY, 301, WebhookTooOld),
        ({}, BODY, -301, WebhookTooOld),
    ],
)
def test_a_webhook_that_is_unsigned_changed_or_old_is_refused(
    changed: dict[str, str], body: bytes, after: int, refusal: type[DomainError]
) -> None:
    headers = feed_rules.signed("msg_1", NOON, BODY, [SECRET]) | changed

    with pytest.raises(refusal):
        feed_rules.believed(headers, body, [SECRET], at=NOON + timedelta(seconds=after))


def test_tries_come_further_apart_and_end() -> None:
    waits = [feed_rules.next_try(tries, NOON) for tries in range(1, 11)]

    assert waits[-1] is None
    sound = [one - NOON for one in waits if one is not None]
    assert sound == sorted(sound)
    assert len(sound) == 9
