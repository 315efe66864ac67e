"""Pure: what a result says, as it is kept and shown (评价结果)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from certificates.competence.grading import Met, Standing
from certificates.competence.proving import Finding


def told(standing: Standing, marks: Mapping[str, int]) -> dict[str, Any]:
    """Return a result as plain values: exact, and the same on every database."""
    return {"marks": dict(sorted(marks.items())), **shown(standing)}


def shown(standing: Standing) -> dict[str, Any]:
    """Return where somebody stands as plain values."""
    return {
        "on": standing.on.isoformat(),
        "family": standing.family,
        "grade": standing.grade,
        "reached": standing.reached,
        "until": standing.until.isoformat() if standing.until else None,
        "competences": [_competence(each) for each in standing.competences],
    }


def _competence(met: Met) -> dict[str, Any]:
    competence = met.competence
    return {
        "key": competence.key,
        "dimension": competence.dimension.value,
        "name_zh": competence.name_zh,
        "name_en": competence.name_en,
        "met": met.is_met,
        "until": met.until.isoformat() if met.until else None,
        "groups": [{"proofs": [_proof(each) for each in group]} for group in met.groups],
    }


def _proof(finding: Finding) -> dict[str, Any]:
    proof = finding.proof
    asked = proof.measure or proof.hours or proof.years or proof.percent or proof.mark
    return {
        "kind": proof.kind.value,
        "asked": str(asked or proof.education or proof.engineer or "") or None,
        "months": proof.months,
        "holds": finding.holds,
        "since": finding.since.isoformat() if finding.since else None,
        "until": finding.until.isoformat() if finding.until else None,
        "why": finding.why,
        "have": finding.have,
    }
