"""Who may do what, where: the whole policy as one table (权限总表)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from server.scopes import Scope


class Permission(StrEnum):
    """One thing that can be allowed."""

    USE_OWN_FILE = "use_own_file"
    PRACTISE = "practise"
    SIT_EXAMS = "sit_exams"

    SEE_ORGANISATIONS = "see_organisations"
    MANAGE_REGIONS = "manage_regions"
    MANAGE_ORGANISATIONS = "manage_organisations"
    SEE_PEOPLE = "see_people"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_POSTS = "manage_posts"
    DISCLOSE_DOCUMENTS = "disclose_documents"
    MERGE_PEOPLE = "merge_people"
    MANAGE_ACCOUNTS = "manage_accounts"

    RECORD_TRAINING = "record_training"
    WRITE_FILES = "write_files"
    SEE_FILES = "see_files"
    INDUCT_WORKERS = "induct_workers"
    EXPORT_FILES = "export_files"

    SEE_TRAINING = "see_training"
    PLAN_TRAINING = "plan_training"
    MANAGE_PROVIDER = "manage_provider"
    TEACH = "teach"
    APPROVE_TRAINING = "approve_training"

    SEE_QUESTIONS = "see_questions"
    WRITE_QUESTIONS = "write_questions"
    REVIEW_QUESTIONS = "review_questions"
    EXPORT_QUESTIONS = "export_questions"
    EXPORT_KEYS = "export_keys"
    KEEP_LAWS = "keep_laws"
    SEE_SUPPLY = "see_supply"

    SEE_EXAMS = "see_exams"
    PLAN_EXAMS = "plan_exams"
    APPROVE_CENTRES = "approve_centres"
    KEEP_ROOMS = "keep_rooms"
    DECIDE_CANDIDATURES = "decide_candidatures"
    SEAT_CANDIDATES = "seat_candidates"
    ASSIGN_DUTIES = "assign_duties"
    OVERRIDE_SEPARATION = "override_separation"
    ENROL_CANDIDATES = "enrol_candidates"
    INVIGILATE = "invigilate"
    EXAMINE = "examine"
    KEEP_STANDARDS = "keep_standards"
    PRINT_PAPERS = "print_papers"
    PRINT_KEYS = "print_keys"
    SEE_OUTCOMES = "see_outcomes"
    SEE_STATISTICS = "see_statistics"
    HOLD_CONTESTS = "hold_contests"

    SEE_CERTIFICATES = "see_certificates"
    ISSUE_CERTIFICATES = "issue_certificates"
    REVOKE_CERTIFICATES = "revoke_certificates"

    SEE_COMPETENCE = "see_competence"
    APPRAISE_COMPETENCE = "appraise_competence"
    KEEP_FRAMEWORKS = "keep_frameworks"

    SEE_COVERAGE = "see_coverage"
    MANAGE_INDICATORS = "manage_indicators"
    ACT_ON_COVERAGE = "act_on_coverage"
    SEE_EXCHANGE = "see_exchange"
    MANAGE_EXCHANGE = "manage_exchange"
    SEE_AUDIT = "see_audit"
    RUN_PLATFORM = "run_platform"


class Role(StrEnum):
    """What an account is for; always granted within a subtree of organisations or regions."""

    WORKER = "worker"
    ENTERPRISE_SAFETY_OFFICER = "enterprise_safety_officer"
    PROVIDER_STAFF = "provider_staff"
    PROVIDER_MANAGER = "provider_manager"
    TEACHER = "teacher"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    PLANNER = "planner"
    CENTRE_MANAGER = "centre_manager"
    INVIGILATOR = "invigilator"
    EXAMINER = "examiner"
    ISSUER = "issuer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    #: Leads a place: evaluates whoever works there, and sends them to training.
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


_P = Permission

#: What all staff of a provider may do.
_PROVIDER: frozenset[Permission] = frozenset(
    {
        *(_P.SEE_ORGANISATIONS, _P.SEE_PEOPLE),
        *(_P.MANAGE_PEOPLE, _P.SEE_FILES),
        *(_P.RECORD_TRAINING, _P.SEE_TRAINING, _P.PLAN_TRAINING),
        *(_P.SEE_EXAMS, _P.ENROL_CANDIDATES, _P.SEE_OUTCOMES),
    }
)

#: The policy. Whoever is signed in as a person may use their own file, practise and sit exams;
#: everything else comes from a role, and holds only within the subtree the role was granted in.
#: 考培分离 (安全生产培训管理办法 art. 18): staff of a provider record training and propose
#: candidates, and see neither questions nor papers nor unpublished outcomes; who plans, invigilates
#: or issues edits no training.
ROLES: dict[Role, frozenset[Permission]] = {
    Role.WORKER: frozenset(),
    Role.ENTERPRISE_SAFETY_OFFICER: frozenset(
        {
            _P.SEE_ORGANISATIONS,
            _P.SEE_PEOPLE,
            _P.MANAGE_PEOPLE,
            _P.MANAGE_POSTS,
            _P.SEE_FILES,
            _P.WRITE_FILES,
            _P.INDUCT_WORKERS,
            _P.EXPORT_FILES,
            _P.SEE_EXAMS,
            _P.ENROL_CANDIDATES,
            _P.SEE_OUTCOMES,
            _P.SEE_CERTIFICATES,
            _P.SEE_COVERAGE,
            *(_P.SEE_TRAINING, _P.PLAN_TRAINING, _P.MANAGE_PROVIDER),
        }
    ),
    Role.PROVIDER_STAFF: _PROVIDER,
    Role.PROVIDER_MANAGER: _PROVIDER | {_P.MANAGE_PROVIDER},
    Role.TEACHER: frozenset({_P.TEACH}),
    Role.AUTHOR: frozenset(
        {_P.SEE_QUESTIONS, _P.WRITE_QUESTIONS, _P.EXPORT_QUESTIONS, _P.SEE_SUPPLY}
    ),
    Role.REVIEWER: frozenset(
        {
            _P.SEE_QUESTIONS,
            _P.REVIEW_QUESTIONS,
            _P.EXPORT_QUESTIONS,
            _P.EXPORT_KEYS,
            _P.KEEP_LAWS,
            _P.SEE_SUPPLY,
        }
    ),
    Role.PLANNER: frozenset(
        {
            _P.SEE_ORGANISATIONS,
            _P.SEE_PEOPLE,
            _P.SEE_EXAMS,
            _P.PLAN_EXAMS,
            _P.APPROVE_CENTRES,
            _P.KEEP_ROOMS,
            _P.DECIDE_CANDIDATURES,
            _P.SEAT_CANDIDATES,
            _P.ASSIGN_DUTIES,
            _P.PRINT_PAPERS,
            _P.SEE_SUPPLY,
            _P.ENROL_CANDIDATES,
            _P.SEE_OUTCOMES,
            _P.SEE_STATISTICS,
            _P.HOLD_CONTESTS,
        }
    ),
    Role.CENTRE_MANAGER: frozenset(
        {
            _P.SEE_ORGANISATIONS,
            _P.SEE_EXAMS,
            _P.KEEP_ROOMS,
            _P.SEAT_CANDIDATES,
            _P.ASSIGN_DUTIES,
        }
    ),
    Role.INVIGILATOR: frozenset({_P.SEE_EXAMS, _P.INVIGILATE}),
    Role.EXAMINER: frozenset({_P.SEE_EXAMS, _P.EXAMINE, _P.PRINT_KEYS, _P.SEE_STATISTICS}),
    Role.ISSUER: frozenset(
        {
            _P.SEE_ORGANISATIONS,
            _P.SEE_PEOPLE,
            _P.SEE_FILES,
            _P.WRITE_FILES,
            _P.EXPORT_FILES,
            _P.MERGE_PEOPLE,
            _P.SEE_EXAMS,
            _P.SEE_OUTCOMES,
            _P.SEE_CERTIFICATES,
            _P.ISSUE_CERTIFICATES,
            _P.REVOKE_CERTIFICATES,
            _P.DISCLOSE_DOCUMENTS,
            # The second authority: it neither plans exams nor holds them.
            _P.OVERRIDE_SEPARATION,
            *(_P.SEE_TRAINING, _P.APPROVE_TRAINING),
        }
    ),
    Role.ANALYST: frozenset(
        {_P.SEE_ORGANISATIONS, _P.SEE_COVERAGE, _P.ACT_ON_COVERAGE, _P.SEE_TRAINING}
    ),
    Role.AUDITOR: frozenset(
        {
            *(_P.SEE_AUDIT, _P.SEE_EXCHANGE, _P.SEE_ORGANISATIONS),
            *(_P.SEE_EXAMS, _P.SEE_CERTIFICATES, _P.SEE_COVERAGE),
        }
    ),
    Role.LEADER: frozenset(
        {
            *(_P.SEE_ORGANISATIONS, _P.SEE_PEOPLE, _P.SEE_COVERAGE),
            *(_P.SEE_COMPETENCE, _P.APPRAISE_COMPETENCE),
            *(_P.SEE_TRAINING, _P.ENROL_CANDIDATES),
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            _P.MANAGE_REGIONS,
            _P.SEE_ORGANISATIONS,
            _P.MANAGE_ORGANISATIONS,
            _P.SEE_PEOPLE,
            _P.MANAGE_PEOPLE,
            _P.MERGE_PEOPLE,
            _P.MANAGE_POSTS,
            _P.MANAGE_ACCOUNTS,
            _P.MANAGE_INDICATORS,
            *(_P.KEEP_STANDARDS, _P.KEEP_FRAMEWORKS),
            _P.KEEP_LAWS,
            _P.SEE_COVERAGE,
            _P.RUN_PLATFORM,
            *(_P.SEE_TRAINING, _P.APPROVE_TRAINING),
            *(_P.SEE_EXCHANGE, _P.MANAGE_EXCHANGE),
        }
    ),
}

#: What every signed-in person may do, with their own things only.
OWN: frozenset[Permission] = frozenset({_P.USE_OWN_FILE, _P.PRACTISE, _P.SIT_EXAMS})


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A role, and where it holds."""

    role: Role
    scope: Scope


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who is asking: an account of a person, with the grants that hold now."""

    account_id: UUID
    person_id: UUID
    grants: tuple[Grant, ...] = ()
    #: The address the request came from, for the audit.
    address: str | None = None

    def may(self, permission: Permission) -> bool:
        """Say whether the permission holds anywhere at all."""
        return permission in OWN or any(permission in ROLES[grant.role] for grant in self.grants)

    def scope(self, permission: Permission) -> Scope:
        """Return where the permission holds, all grants taken together."""
        scopes = [grant.scope for grant in self.grants if permission in ROLES[grant.role]]
        return Scope(
            everywhere=any(scope.everywhere for scope in scopes),
            organisation_paths=tuple(p for scope in scopes for p in scope.organisation_paths),
            region_paths=tuple(p for scope in scopes for p in scope.region_paths),
        )
