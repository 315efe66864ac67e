"""Who may not decide about whom: trainers, examiners, colleagues (考培分离、回避).

The rule is that of exams (`exams.separation`): asked of the person, not of the account or role,
within the terms of the day, and answered for many people in as many statements as for one. Who
examined somebody does not certify them, either.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from certificates.life_errors import SameEmployer, TrainedHolder
from exams.separation import Bond
from exams.services import examining, separation
from server.errors import DomainError
from server.policy import Identity

#: Bonds of having trained somebody, oneself or by the provider one works for.
_TAUGHT = frozenset({Bond.TRAINED, Bond.RAN_CLASS, Bond.PROVIDER, Bond.SAME_PERSON})


def check(
    person_id: UUID,
    *,
    by: Identity,
    on: date,
    attempt_id: UUID | None = None,
) -> None:
    """Make sure that who decides neither trained nor examined the person, nor works beside them.

    Raises:
        TrainedHolder: they recorded the training, hold a post at the provider, or examined.
        SameEmployer: both hold a post at the same enterprise or provider.
    """
    refusal = too_near({person_id: attempt_id}, deciders=[by], on=on).get(person_id)
    if refusal is not None:
        raise refusal()


def too_near(
    people: Mapping[UUID, UUID | None], *, deciders: Collection[Identity], on: date
) -> dict[UUID, type[DomainError]]:
    """Return of which people any who decides is too near, each with the refusal that says how.

    Args:
        people: about whom is decided, each with the attempt it rests on.
        deciders: who decides.
        on: the day.
    """
    found = separation.bonds({by.person_id for by in deciders}, people.keys(), on=on)
    colleagues = [one for (_, one), bonds in found.items() if Bond.EMPLOYER in bonds]
    taught = {one for (_, one), bonds in found.items() if bonds & _TAUGHT}
    for by in deciders:
        taught |= _examined(people, by=by)
    return dict.fromkeys(colleagues, SameEmployer) | dict.fromkeys(taught, TrainedHolder)


def _examined(people: Mapping[UUID, UUID | None], *, by: Identity) -> set[UUID]:
    sat = {attempt: person for person, attempt in people.items() if attempt is not None}
    return {sat[attempt] for attempt in examining.examined(by.person_id, sat.keys())}
