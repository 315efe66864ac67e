"""Which word of a phone counts: reading, judging and merging what was sent (作答同步).

Everything sent is kept. What counts in a slot is the entry with the highest rank, and the rank is
decided by the entry alone: by the epoch of the phone, then by the phone's own sequence. So any
order of arrival, any repetition and any delay give the same responses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

#: Highest sequence a phone may use: more words than anybody can tap in a day.
HIGHEST_SEQUENCE = 1_000_000

#: Entries of one batch at most: more than a phone gathers in a whole exam without network.
MOST_ENTRIES = 500

#: More options than any question has; longer lists are not even looked at.
_MOST_CHOSEN = 64
_FIELDS = {"slot", "sequence", "chosen"}


class Verdict(StrEnum):
    """What became of one entry."""

    #: Held, and it is now the response of its slot (or held as late).
    ACCEPTED = "accepted"
    #: Held before, or older than what is held: the phone may forget it.
    IGNORED = "ignored"
    #: Not an entry for this attempt: the phone must not send it again.
    REFUSED = "refused"


# Looking a member up in its enumeration costs as much as judging an entry.
_ACCEPTED, _IGNORED, REFUSED = Verdict.ACCEPTED, Verdict.IGNORED, Verdict.REFUSED


class Reason(StrEnum):
    """Why an entry was not simply accepted."""

    NOT_READABLE = "not_readable"
    UNKNOWN_SLOT = "unknown_slot"
    UNKNOWN_OPTION = "unknown_option"
    TOO_MANY_CHOSEN = "too_many_chosen"
    SEQUENCE_OUT_OF_RANGE = "sequence_out_of_range"
    UNKNOWN_EPOCH = "unknown_epoch"
    DUPLICATE = "duplicate"
    OLDER = "older"
    TIME_IS_UP = "time_is_up"
    ALREADY_SUBMITTED = "already_submitted"
    #: The attempt has moved to another phone.
    MOVED = "moved"
    VOIDED = "voided"


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """What an entry for one place of the form must keep to."""

    option_count: int
    #: Whether more than one option may be chosen.
    many: bool


class Rank(NamedTuple):
    """What decides between two entries of one slot; the higher one counts.

    The chosen options come last, so that a phone that gives one sequence to two different words
    still gets the same response in whatever order they arrive.
    """

    epoch: int
    sequence: int
    chosen: int


class Entry(NamedTuple):
    """One word of a phone: what is chosen in a slot since this sequence."""

    slot: int
    epoch: int
    sequence: int
    #: Chosen options of the form as bits: option 0 is 1, option 1 is 2, option 2 is 4 …
    chosen: int

    @property
    def rank(self) -> Rank:
        """What decides between this and another entry of the same slot."""
        return Rank(self.epoch, self.sequence, self.chosen)


class Judged(NamedTuple):
    """What became of one entry of a batch, in the words of the reply."""

    slot: int | None
    sequence: int | None
    verdict: Verdict
    code: Reason | None = None
    #: Kept, but it arrived after the end and does not count by itself.
    late: bool = False


def bits(chosen: Iterable[int]) -> int:
    """Return option indexes as bits."""
    return sum(1 << option for option in frozenset(chosen))


def options(mask: int) -> list[int]:
    """Return bits as option indexes, ascending."""
    return [option for option in range(mask.bit_length()) if mask >> option & 1]


def read(raw: object, slots: Mapping[int, Slot], *, epoch: int) -> Entry | Judged:
    """Read one entry as it was sent; a bad one is judged by itself and spoils no other.

    Args:
        raw: what the phone sent as one member of its list.
        slots: the form that the attempt answers.
        epoch: the epoch the batch was sent under.
    """
    return _sound(raw, slots, epoch) or _refusal(raw, slots)


def _sound(raw: object, slots: Mapping[int, Slot], epoch: int) -> Entry | None:
    """Return the entry if nothing is wrong with it: the way that nearly all of them go."""
    # Of exactly these types: to JSON, true is no number.
    if type(raw) is not dict or raw.keys() != _FIELDS:
        return None
    slot, sequence, chosen = raw["slot"], raw["sequence"], raw["chosen"]
    if type(slot) is not int or type(sequence) is not int or type(chosen) is not list:
        return None
    place = slots.get(slot)
    if place is None or not 1 <= sequence <= HIGHEST_SEQUENCE:
        return None
    mask = _mask(chosen, place)
    return None if mask is None else Entry(slot, epoch, sequence, mask)


def _mask(chosen: list[object], place: Slot) -> int | None:
    mask = 0
    if len(chosen) > _MOST_CHOSEN:
        return None
    for option in chosen:
        if type(option) is not int or not 0 <= option < place.option_count:
            return None
        mask |= 1 << option
    return None if mask & (mask - 1) and not place.many else mask


def _refusal(raw: object, slots: Mapping[int, Slot]) -> Judged:
    """Say what is wrong with an entry that is not sound."""
    fields = raw if isinstance(raw, dict) else {}
    slot, sequence = _number(fields.get("slot")), _number(fields.get("sequence"))
    chosen = _numbers(fields.get("chosen"))
    if slot is None or sequence is None or chosen is None or fields.keys() != _FIELDS:
        return _refused(slot, sequence, Reason.NOT_READABLE)
    return _refused(slot, sequence, _complaint(slots.get(slot), chosen, sequence))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _numbers(value: object) -> list[int] | None:
    if not isinstance(value, list) or len(value) > _MOST_CHOSEN:
        return None
    numbers = [number for one in value if (number := _number(one)) is not None]
    return numbers if len(numbers) == len(value) else None


def _complaint(slot: Slot | None, chosen: list[int], sequence: int) -> Reason:
    if slot is None:
        return Reason.UNKNOWN_SLOT
    if not 1 <= sequence <= HIGHEST_SEQUENCE:
        return Reason.SEQUENCE_OUT_OF_RANGE
    if any(not 0 <= option < slot.option_count for option in chosen):
        return Reason.UNKNOWN_OPTION
    return Reason.TOO_MANY_CHOSEN


def _refused(slot: int | None, sequence: int | None, reason: Reason) -> Judged:
    return Judged(slot=slot, sequence=sequence, verdict=REFUSED, code=reason)


def judge(entry: Entry, held: tuple[int, int, int] | None, *, late: Reason | None = None) -> Judged:
    """Say what becomes of a readable entry.

    Args:
        entry: the entry.
        held: the rank of what counts in the slot so far, None where nothing does.
        late: why the entry no longer counts by itself; None where it arrived in time. It is
            kept and flagged all the same.
    """
    # Its rank; making one by name costs more than all the rest.
    rank = entry[1:]
    if held is not None and rank <= held:
        code = Reason.DUPLICATE if rank == held else Reason.OLDER
        return Judged(entry.slot, entry.sequence, _IGNORED, code)
    return Judged(entry.slot, entry.sequence, _ACCEPTED, late, late is not None)


def counting(entries: Iterable[Entry]) -> dict[int, Entry]:
    """Return the entry that counts in each slot: the one of the highest rank."""
    counts: dict[int, Entry] = {}
    for entry in entries:
        held = counts.get(entry.slot)
        if held is None or held.rank < entry.rank:
            counts[entry.slot] = entry
    return counts
