"""The right responses, as authors may read them: what a perfect candidate knows (答案)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from load_tests.client import Client
from load_tests.setting import pages

#: What a candidate sees of a question: its stem, and its options in no order.
Seen = tuple[str, frozenset[str]]


@dataclass(kw_only=True)
class Knowledge:
    """The texts of the right options of every question, by what a candidate sees of it."""

    right: dict[Seen, set[frozenset[str]]] = field(default_factory=lambda: defaultdict(set))
    #: Ids of the questions that a candidate sees so.
    ids: dict[Seen, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: Questions that no paper may draw.
    practised_count: int = 0

    def learn(self, question_id: str, version: Mapping[str, Any]) -> None:
        """Learn one question with its key."""
        texts = {option["label"]: option["text"] for option in version["options"]}
        seen = (version["stem"], frozenset(texts.values()))
        self.right[seen].add(frozenset(texts[label] for label in version["key"]))
        self.ids[seen].append(question_id)

    def contradictions(self) -> list[str]:
        """Return the ids of questions that look the same and have different keys."""
        torn = [seen for seen, keys in self.right.items() if len(keys) > 1]
        return [question_id for seen in torn for question_id in self.ids[seen]]

    def chosen(self, question: Mapping[str, Any]) -> list[int]:
        """Return the right options of a question as a candidate is shown it.

        Raises:
            LookupError: nobody has published such a question, or two disagree about its key.
        """
        keys = self.right.get((question["stem"], frozenset(question["options"])), set())
        if len(keys) != 1:
            raise LookupError(f"{len(keys)} keys are known for: {question['stem'][:40]}")
        (key,) = keys
        return [place for place, text in enumerate(question["options"]) if text in key]

    def wrong(self, question: Mapping[str, Any]) -> list[int]:
        """Return a choice that is not right."""
        right = set(self.chosen(question))
        wrong = [place for place in range(len(question["options"])) if place not in right]
        return wrong[:1] or sorted(right)[:1]


def of(author: Client, role: str) -> Knowledge:
    """Return what the questions for a role have as keys, as their author sees them."""
    knowledge = Knowledge()
    for question in pages(author, "/v1/questions", role=role, state="published"):
        if question["for_exams"]:
            knowledge.learn(question["id"], question["version"])
        else:
            knowledge.practised_count += 1
    return knowledge
