"""What follows for certificates from what happens beneath: voided attempts, bars (联动)."""

from __future__ import annotations

from certificates.models import Certificate
from certificates.services import changes, finding
from exams.events import AttemptVoided


def suspend_on_void(event: AttemptVoided) -> Certificate | None:
    """Suspend the certificate that a voided attempt had earned, until a person decides.

    Where it was replaced since, its newest edition is suspended. Told twice, or where the
    certificate no longer stands, it changes nothing.
    """
    earned = finding.earned_by(event.attempt_id)
    if earned is None:
        return None
    reason = f"所依据的考试成绩已作废：{event.reason}"
    return changes.suspend_by_itself(finding.last_edition(earned), reason=reason, at=event.at)
