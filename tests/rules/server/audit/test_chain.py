"""No entry of the audit can be changed, left out, put in or moved without it showing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.audit import chain
from server.audit.chain import EMPTY, GENESIS, Break, Content, Fault, Head, Link, verify
from tests.moments import NOON


def content(number: int) -> Content:
    """What the entry of this number says."""
    return Content(
        at=NOON + timedelta(minutes=number),
        action="role_granted",
        account_id=UUID(int=1),
        person_id=None,
        address="203.0.113.7",
        subject_kind="account",
        subject_id=UUID(int=number),
        organisation_path="/o/",
        region_path=None,
        before=None,
        after={"名": "王", "count": number},
        reason=None,
    )


def a_chain(length: int) -> list[Link]:
    """A sound chain."""
    links: list[Link] = []
    head = EMPTY
    for number in range(1, length + 1):
        links.append(chain.link(content(number), head))
        head = Head(sequence=number, hash=links[-1].hash)
    return links


def head_of(links: list[Link]) -> Head:
    """The end of a chain."""
    return Head(sequence=links[-1].sequence, hash=links[-1].hash) if links else EMPTY


CHAIN = a_chain(6)
HEAD = head_of(CHAIN)


def broken(links: list[Link], head: Head = HEAD, anchors: dict[int, str] | None = None):
    """Where the chain is broken."""
    return verify(links, head=head, anchors=anchors).broken


@pytest.mark.parametrize("length", [0, 1, 6])
def test_a_chain_that_nobody_touched_is_whole(length: int):
    links = a_chain(length)

    found = verify(links, head=head_of(links))

    assert (found.entries, found.broken) == (length, None)


def test_the_first_entry_follows_upon_nothing():
    assert CHAIN[0].previous_hash == GENESIS


@pytest.mark.parametrize(
    "changes",
    [
        {"at": NOON},
        {"action": "role_revoked"},
        {"account_id": None},
        {"person_id": UUID(int=1)},
        {"address": None},
        {"subject_kind": "person"},
        {"subject_id": UUID(int=77)},
        {"organisation_path": None},
        {"region_path": "/r/"},
        {"before": {}},
        {"after": {"名": "李", "count": 3}},
        {"reason": ""},
    ],
)
def test_an_entry_of_which_anything_was_changed_is_found(changes: dict[str, Any]):
    links = list(CHAIN)
    links[2] = replace(links[2], content=replace(links[2].content, **changes))

    assert broken(links) == Break(sequence=3, fault=Fault.CHANGED)


def test_a_changed_entry_with_its_hash_computed_anew_breaks_the_next_one():
    links = list(CHAIN)
    links[2] = chain.link(content(99), head_of(CHAIN[:2]))

    assert broken(links) == Break(sequence=4, fault=Fault.DISPLACED)


@pytest.mark.parametrize("missing", range(6))
def test_an_entry_that_was_left_out_is_found(missing: int):
    links = CHAIN[:missing] + CHAIN[missing + 1 :]

    assert broken(links) == Break(sequence=missing + 1, fault=Fault.MISSING)


def test_a_chain_emptied_altogether_is_found():
    assert broken([]) == Break(sequence=1, fault=Fault.MISSING)


def test_an_entry_put_in_between_is_found():
    forged = chain.link(content(50), head_of(CHAIN[:3]))
    links = [*CHAIN[:3], forged, *CHAIN[3:]]

    assert broken(links) == Break(sequence=4, fault=Fault.DISPLACED)


def test_an_entry_put_in_before_the_first_is_found():
    forged = replace(CHAIN[0], sequence=0)

    assert broken([forged, *CHAIN]) == Break(sequence=0, fault=Fault.CHANGED)
    honest = chain.link(content(1), Head(sequence=-1, hash=GENESIS))
    assert broken([honest, *CHAIN]) == Break(sequence=0, fault=Fault.DISPLACED)


def test_an_entry_put_in_behind_the_end_is_found():
    links = [*CHAIN, chain.link(content(7), HEAD)]

    assert broken(links) == Break(sequence=7, fault=Fault.BEYOND_HEAD)


def test_two_entries_that_changed_places_are_found():
    first, second = CHAIN[1], CHAIN[2]
    swapped = [
        replace(first, content=second.content),
        replace(second, content=first.content),
    ]

    assert broken([CHAIN[0], *swapped, *CHAIN[3:]]) == Break(sequence=2, fault=Fault.CHANGED)
    renumbered = [replace(second, sequence=2), replace(first, sequence=3)]
    assert broken([CHAIN[0], *renumbered, *CHAIN[3:]]) == Break(sequence=2, fault=Fault.CHANGED)


def test_a_recorded_end_of_another_hash_is_found():
    head = Head(sequence=6, hash="f" * 64)

    assert broken(CHAIN, head) == Break(sequence=6, fault=Fault.BEYOND_HEAD)


def test_a_chain_written_anew_from_the_middle_shows_against_an_anchor_only():
    anew = CHAIN[:3]
    for number in range(4, 7):
        anew = [*anew, chain.link(content(number + 100), head_of(anew))]
    head = head_of(anew)

    assert broken(anew, head) is None
    assert broken(anew, head, {3: CHAIN[2].hash}) is None
    assert broken(anew, head, {5: CHAIN[4].hash}) == Break(sequence=5, fault=Fault.NOT_AS_ANCHORED)


def test_a_chain_cut_short_with_its_end_shows_against_an_anchor():
    short = CHAIN[:4]

    assert broken(short, head_of(short)) is None
    assert broken(short, head_of(short), {6: HEAD.hash}) == Break(sequence=5, fault=Fault.MISSING)


def test_the_canonical_text_does_not_depend_on_zones_or_the_order_of_keys():
    elsewhere = replace(
        content(1),
        at=content(1).at.astimezone(timezone(timedelta(hours=8))),
        after={"count": 1, "名": "王"},
    )

    assert chain.canonical(elsewhere, 1, GENESIS) == chain.canonical(content(1), 1, GENESIS)
    assert b'"after":{"count":1,"\xe5\x90\x8d":"' in chain.canonical(content(1), 1, GENESIS)


@given(st.data())
def test_any_single_change_to_any_link_is_found(data: st.DataObject):
    links = list(CHAIN)
    index = data.draw(st.integers(0, 5))
    change: dict[str, Any] = data.draw(
        st.sampled_from(
            [
                {"sequence": 40},
                {"previous_hash": "e" * 64},
                {"hash": "e" * 64},
                {"content": content(1000)},
            ]
        )
    )
    links[index] = replace(links[index], **change)

    assert broken(links) is not None
