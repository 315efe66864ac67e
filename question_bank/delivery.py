"""Delivery of options (选项乱序): each learner sees them in an order of their own.

Real banks put the right option first far too often, and neighbours compare letters. So options
are shown in an order drawn from a seed and labelled anew by their place. The same seed gives the
same order, today and in an appeal; nothing has to be stored.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from question_bank.kinds import LABELS, Kind

#: An option that speaks of other options loses its meaning when they move.
_SPEAKS_OF_OTHERS = re.compile(
    r"(?:以上|上述|前述|前面)(?:[都均全皆各三两二四几任]|说法|答案|选项|内容)"
    r"|^(?:以上|上述|前[两二三四])"
    r"|^(?:都|均|全|全部|皆)(?:是|对|不|正确|错|可)"
    r"|(?<![A-Za-z0-9])[A-J]\s*[、,，和与及或+＋]\s*[A-J](?![A-Za-z0-9])"
)


@dataclass(frozen=True, kw_only=True)
class ShownQuestion:
    """A question as one learner or candidate sees it. There is no place for a key in it."""

    question_id: UUID
    version_id: UUID
    kind: Kind
    topic: str | None
    stem: str
    #: Labels by place, and the texts in the order of this learner.
    options: tuple[Mapping[str, str], ...]
    #: The stem with its dress; None where it is plain.
    stem_html: str | None = None


def keeps_order(kind: Kind, options: Sequence[str]) -> bool:
    """Say whether the options must be shown as they were written.

    True for true-false questions (正确 comes first everywhere) and where an option speaks of
    others: “以上都是”, “A、B两种方法一起使用”.
    """
    return kind is Kind.TRUE_FALSE or any(_SPEAKS_OF_OTHERS.search(text) for text in options)


def shown_order(labels: Sequence[str], *, seed: str, keep: bool = False) -> tuple[str, ...]:
    """Return the labels as written, in the order in which one learner sees them.

    Args:
        labels: labels of the version, in the order they were written.
        seed: who sees what, for instance the ids of learner and version.
        keep: whether the written order must stay (see `keeps_order`).
    """
    order = list(labels)
    if not keep:
        Random(seed).shuffle(order)  # noqa: S311 - a fair order is needed here, no secret
    return tuple(order)


def shown_options(
    options: Sequence[Mapping[str, str]], order: Sequence[str]
) -> tuple[Mapping[str, str], ...]:
    """Return the options in the order given, labelled anew by their places.

    Args:
        options: `{"label": …, "text": …}` as written.
        order: labels as written, in the order of one learner (see `shown_order`).
    """
    by_label = {option["label"]: option for option in options}
    return tuple({**by_label[label], "label": LABELS[place]} for place, label in enumerate(order))


def as_written(shown: Collection[str], order: Sequence[str]) -> frozenset[str]:
    """Return the labels as written for labels as shown.

    A label that was not shown is kept as it is: it matches nothing in the order, and so no key.
    """
    written = dict(zip(LABELS, order, strict=False))
    return frozenset(written.get(label, f"?{label}") for label in shown)


def as_shown(written: Collection[str], order: Sequence[str]) -> tuple[str, ...]:
    """Return the labels that one learner sees for labels as written, sorted."""
    places = {label: LABELS[place] for place, label in enumerate(order)}
    return tuple(sorted(places[label] for label in written))
