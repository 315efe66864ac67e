"""What one phone has said and what it was promised, and the judge over what the server shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: An entry as it is sent: slot, chosen options, sequence.
Entry = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How what the server shows of an attempt differs from what it has promised."""

    #: Entries that were acknowledged.
    acknowledged: int = 0
    #: Slots in which something acknowledged is missing or older than what was acknowledged.
    lost: int = 0
    #: Slots that are shown more than once.
    doubled: int = 0
    #: Slots in which something stands that the phone never said.
    invented: int = 0


@dataclass
class Ledger:
    """The memory of one phone: nothing is forgotten before the server has promised to keep it."""

    _sequence: int = 0
    #: What was said in a slot: options by sequence.
    _said: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    #: The highest sequence that was acknowledged in a slot.
    _promised: dict[int, int] = field(default_factory=dict)
    #: How many entries were acknowledged.
    acknowledged: int = 0
    #: What is to be sent.
    waiting: list[Entry] = field(default_factory=list)

    @property
    def slots(self) -> int:
        """In how many slots the server has promised to keep something."""
        return len(self._promised)

    def say(self, slot: int, chosen: list[int]) -> None:
        """Note a tap, to be sent."""
        self._sequence += 1
        self._said.setdefault(slot, {})[self._sequence] = chosen
        self.waiting.append({"slot": slot, "chosen": chosen, "sequence": self._sequence})

    def acknowledge(self, sent: Iterable[Entry], verdicts: Iterable[Mapping[str, Any]]) -> int:
        """Note what became of entries that were sent; return how many the server refused."""
        refused = {
            (one["slot"], one["sequence"]) for one in verdicts if one["verdict"] == "refused"
        }
        done = set()
        for entry in sent:
            place = entry["slot"], entry["sequence"]
            done.add(place)
            if place not in refused:
                self.acknowledged += 1
                highest = max(self._promised.get(entry["slot"], 0), entry["sequence"])
                self._promised[entry["slot"]] = highest
        self.waiting = [one for one in self.waiting if (one["slot"], one["sequence"]) not in done]
        return len(refused)

    def judge(self, shown: Iterable[Mapping[str, Any]]) -> Judgement:
        """Compare what counts on the server, slot by slot, with what was promised."""
        counting: dict[int, Mapping[str, Any]] = {}
        doubled = invented = 0
        for one in shown:
            slot, sequence = one["slot"], one["sequence"]
            doubled += slot in counting
            invented += self._said.get(slot, {}).get(sequence) != list(one["chosen"])
            counting[slot] = one
        lost = sum(
            slot not in counting or counting[slot]["sequence"] < sequence
            for slot, sequence in self._promised.items()
        )
        return Judgement(
            acknowledged=self.acknowledged, lost=lost, doubled=doubled, invented=invented
        )
