"""Drawing the forms of an exam that come after the others, one by one (补卷)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from copy import copy
from uuid import UUID

import numpy as np

from exams.assembly import DrawnItem
from exams.batch import blueprints, dealing, evening, exposure
from exams.batch.deck import Drawer, OffTarget
from exams.batch.stock import Numbers, Places, Shelf, laid_out
from exams.services.stocks import Laid

#: Plans that such a form may follow.
_PLANS = 4

#: Plans that a form follows, and how often each question should come up.
Followed = tuple[list[Places], Numbers]


class _Way:
    """One way to draw forms: a shelf, and what they follow, worked out once."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._followed: Followed | None = None

    def followed(self, forms: int) -> Followed | None:
        """Return what was worked out for so many forms first; later ones follow it as well."""
        if self._followed is None:
            self._followed = self.worked_out(forms)
        return self._followed

    def worked_out(self, forms: int) -> Followed | None:
        """Work it out for a form after so many; None where no plan meets the bounds."""
        try:
            plans = blueprints.plans(self.shelf, forms + 1, count=_PLANS)
            taken = dealing.wanted(plans, forms + 1)
            return plans, exposure.planned(self.shelf, taken, forms + 1)
        except LookupError:
            return None


class Deck:
    """Draws such forms, by what is on those there are.

    Args:
        laid: what they are drawn from.
        given: on how many forms of the exam each question stands, by its id.
        forms: how many forms there are.
    """

    def __init__(self, laid: Laid, given: Mapping[UUID, int], forms: int) -> None:
        self._laid = laid
        self._copies = np.array(
            [given.get(one.question_id, 0) for one in laid.questions], dtype=np.int64
        )
        self._forms = forms
        #: As hard as the others, where that can be; by the specification alone otherwise.
        ways = [laid.wanted]
        target = laid.wanted.target
        if target is None and forms and int(self._copies.sum()) == forms * laid.wanted.size:
            value = laid_out(laid.stock, laid.wanted).value
            target = float((self._copies * value).sum() / forms)
        if target is not None:
            ways.insert(0, evening.evened(laid.wanted, target))
        self._ways = [_Way(laid_out(laid.stock, wanted)) for wanted in ways]

    def make_ready(self) -> None:
        """Work out what does not depend on whom a form is for."""
        for way in self._ways:
            way.followed(self._forms)

    def beginning(self) -> Deck:
        """Return a deck that counts for itself what comes after, and leaves this one as it is."""
        other = copy(self)
        other._copies = self._copies.copy()
        return other

    def count(self, questions: Set[UUID]) -> None:
        """Count a form that is there."""
        of = self._laid.place_of
        self._copies[[of[one] for one in questions if one in of]] += 1
        self._forms += 1

    def draw(self, *, seed: bytes, barred: Set[UUID], avoided: Set[UUID]) -> list[DrawnItem]:
        """Draw a form that meets every rule; nothing where there is none.

        Args:
            seed: secret chance.
            barred: questions that it does not ask, but for those that every form must.
            avoided: questions that it asks only where there are no others.
        """
        laid = self._laid
        out, around = laid.places(barred), laid.places(avoided)
        for way in self._ways:
            # Where a cap leaves too little for what was worked out first, it is done again.
            for follow in (way.followed, way.worked_out):
                row = self._row(way.shelf, follow(self._forms), seed, out, around)
                if row is not None:
                    return laid.placed(row)
        return []

    def _row(
        self,
        shelf: Shelf,
        followed: Followed | None,
        seed: bytes,
        barred: set[int],
        avoided: set[int],
    ) -> Places | None:
        if followed is None:
            return None
        plans, rates = followed
        drawer = Drawer(shelf, plans, rates=rates, copies=self._copies, seed=seed)
        for _ in plans:
            try:
                row = drawer.draw(avoided=avoided, barred=barred)
            except (LookupError, OffTarget):
                continue
            drawer.copies = self._copies.copy()
            if self._laid.are_right(shelf.specification, np.array([row])):
                return row
        return None
