"""The demonstration's evaluations: one with a result, one with a disagreement (演示能力评价)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from certificates.competence.kinds import Side
from certificates.competence.services import concluding, cycles, finding, judgements, opening
from certificates.competence.services.cycles import CycleDraft
from certificates.competence.services.opening import AppraisalDraft
from server.days import civil_day
from server.demonstration import Demonstration
from server.people.roster import PostRole
from server.people.services import posts
from server.policy import Identity

#: Marks of the supervisor, and of the two safety managers for themselves: the second pair differs.
_MARKS = {"hazard_control": 3, "emergency": 3}
_OWN = ({"hazard_control": 3, "emergency": 4}, {"hazard_control": 5, "emergency": 3})


def load(play: Demonstration) -> None:
    """Evaluate two safety managers of the first enterprise.

    Reads `play.made`: `leader`, `enterprise`, `crew`. Leaves `competence_appraisals`: their ids.
    Runs in the caller's transaction, after accounts and certificates.
    """
    play.say("示范能力评价 Demonstration evaluations")
    leader: Identity = play.made["leader"]
    today = civil_day(play.at)
    cycle_id = uuid5(play.made["enterprise"], "competence")
    draft = CycleDraft(
        organisation_id=play.made["enterprise"],
        framework="safety_manager",
        title="安全生产管理人员能力评价（示范）",
        from_on=today - timedelta(days=10),
        until_on=today + timedelta(days=20),
    )
    cycles.plan(cycle_id, draft, by=leader, at=play.at)
    first, second = play.made["crew"][PostRole.SAFETY_MANAGER.value][:2]
    made = [_judged(cycle_id, first, _OWN[0], play), _judged(cycle_id, second, _OWN[1], play)]
    concluding.conclude(made[0], by=leader, at=play.at)
    play.made["competence_appraisals"] = made


def _judged(cycle_id: UUID, person_id: UUID, own: dict[str, int], play: Demonstration) -> UUID:
    """Enter somebody into the cycle, with the marks of their own and of the leader."""
    leader: Identity = play.made["leader"]
    [post] = posts.held(person_id, on=civil_day(play.at))
    appraisal_id = uuid5(cycle_id, str(person_id))
    draft = AppraisalDraft(
        cycle_id=cycle_id,
        post_id=post.id,
        family="general",
        grade="proficient",
        supervisor_id=leader.person_id,
    )
    opening.open_one(appraisal_id, draft, by=leader, at=play.at)
    given = {Side.SELF: own, Side.SUPERVISOR: _MARKS}
    for each in finding.judges(appraisal_id):
        by = Identity(account_id=uuid5(each.person_id, "account"), person_id=each.person_id)
        judgements.judge(appraisal_id, given[each.side], comment=None, by=by, at=play.at)
    return appraisal_id
