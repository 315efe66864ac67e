"""Pure: which training closes a gap (能力差距与培训)."""

from __future__ import annotations

from collections.abc import Sequence

from certificates import definitions
from certificates.competence.frameworks import Proof
from certificates.competence.grading import Met
from certificates.competence.kinds import ProofKind
from certificates.competence.proving import Finding
from certificates.definitions import Basis, Part
from server.records.entries import TrainingPurpose
from server.training.kinds import PURPOSES, TrainingType


def wanted(gaps: Sequence[Met]) -> list[tuple[str, Proof, frozenset[TrainingType]]]:
    """Return what is missing, each with the types of training that would give it.

    Of a group one proof is enough: one that training gives is named before the others. Where no
    type of training gives it, the types are empty.
    """
    found = []
    for gap in gaps:
        for group in gap.missing:
            found.append((gap.competence.key, *_easiest(group)))
    return found


def types_for(proof: Proof) -> frozenset[TrainingType]:
    """Return the types of training that give a proof."""
    purposes: set[str] = set()
    if proof.kind is ProofKind.HOURS:
        purposes |= set(proof.purposes)
    if proof.kind is ProofKind.MEASURE:
        for group in definitions.measures()[proof.measure or ""].all_of:
            for part in group:
                purposes |= _purposes_of(part)
    return frozenset(kind for kind, purpose in PURPOSES.items() if purpose.value in purposes)


#: What a certificate or a passed assessment is prepared by.
_BY_QUALIFYING = frozenset({Basis.CERTIFICATE, Basis.CERTIFICATE_OF, Basis.PASS})


def _purposes_of(part: Part) -> frozenset[str]:
    if part.basis in _BY_QUALIFYING:
        return frozenset({TrainingPurpose.QUALIFICATION.value})
    return part.purposes if part.basis is Basis.TRAINING else frozenset()


def _easiest(group: Sequence[Finding]) -> tuple[Proof, frozenset[TrainingType]]:
    by_training = [(each.proof, types) for each in group if (types := types_for(each.proof))]
    return by_training[0] if by_training else (group[0].proof, frozenset())
