"""The house keeps its own rules."""

from __future__ import annotations

import re
from collections import Counter
from string import Formatter

import pytest
from flask import Flask

from server import access
from server.errors import DomainError
from tests import api_guide, house
from tests.house import PARTS, ROOT, File, Rule

OURS = house.files(*PARTS)
EVERYTHING = [*OURS, *house.files("load_tests", "tests")]

#: Each rule, where it holds, and a line that breaks it, so that the rule is known to see.
RULES: list[tuple[Rule, list[File], str]] = [
    (house.stays_short, EVERYTHING, "pass\n" * 301),
    (house.commits_in_one_place, OURS, "def add(): db.session.commit()"),
    (house.leaves_the_roof_alone, [*OURS, *house.files("load_tests")], "from wsgi import parts"),
    (house.leaves_the_roof_alone, [*OURS, *house.files("load_tests")], "import wsgi"),
    (house.asks_only_the_clock, OURS, "at = datetime.now(UTC)"),
    (house.asks_only_the_clock, OURS, "from server.clock import now"),
    (house.reads_settings_in_one_place, OURS, "import os\nkey = os.environ['KEY']"),
    (house.speaks_the_vocabulary, OURS, "def find(user_id): ..."),
    (house.speaks_the_vocabulary, OURS, "class AnswerSheet: ..."),
    (house.needs_no_neighbour, OURS, "bank = Path('../shared/data')"),
    (house.names_nobody, OURS, f"number = '{'11010119900307'}{'7758'}'"),
    (house.excuses_itself_with_reason, EVERYTHING, "x = y  # " + "type: ignore[attr-defined]"),
    (house.excuses_itself_with_reason, EVERYTHING, "x = y  # " + "noqa: S101"),
]


def by_name(value: object) -> str:
    """Name the rule in the test's own name; nothing else of the table."""
    return value.__name__ if callable(value) and hasattr(value, "__name__") else ""


@pytest.mark.parametrize(("rule", "files", "broken"), RULES, ids=by_name)
def test_every_file_keeps_the_rule(rule: Rule, files: list[File], broken: str) -> None:
    assert list(rule(File("exams/example.py", broken))), "the rule does not see what breaks it"

    complaints = [complaint for file in files for complaint in rule(file)]
    assert not complaints, "\n".join(complaints)


#: What anybody may ask without an account. Opening another address is a decision, taken here.
OPEN_TO_ALL = {
    "/",
    "/app",
    "/app/",
    "/app/<path:name>",
    "/console",
    "/console/",
    "/console/<path:name>",
    "/contest-results/<string:code>",
    "/docs",
    "/integrators",
    "/integrators/files/<string:name>",
    "/healthz",
    "/metrics",
    "/progress",
    "/progress/files/progress.css",
    "/readyz",
    "/trust-list.json",
    "/v1/certificate-grounds",
    "/v1/certificate-rules",
    "/v1/contest-boards/<string:round_id>",
    "/v1/contest-entries/<uuid:entry_id>",
    "/v1/contest-entries/<uuid:entry_id>/card.png",
    "/v1/contest-entries/<uuid:entry_id>/link",
    "/v1/contest-entries/<uuid:entry_id>/responses",
    "/v1/contest-entries/<uuid:entry_id>/wrong-questions",
    "/v1/contest-participation",
    "/v1/contest-participation/withdrawal",
    "/v1/contest-questions/<string:name>",
    "/v1/contests",
    "/v1/contests/<uuid:contest_id>",
    "/v1/contests/<uuid:contest_id>/participants/<uuid:participant_id>",
    "/v1/contests/<uuid:contest_id>/phone-codes",
    "/v1/coverage-exchange-keys",
    "/v1/credit-listings",
    "/v1/credential-verification",
    "/v1/exchange-keys",
    "/v1/file-seals/<string:hash_>",
    "/v1/gate/roster",
    "/v1/gate/scans",
    "/v1/identity-providers",
    "/v1/identity-providers/<uuid:identity_provider_id>/return",
    "/v1/indicators",
    "/v1/indicators/<string:indicator>/versions",
    "/v1/issuers/<string:code>/credential-status/<string:purpose>",
    "/v1/issuers/<string:code>/did.json",
    "/v1/number-verification",
    "/v1/oauth/token",
    "/v1/openapi.json",
    "/v1/open-data/coverage",
    "/v1/open-data/coverage.csv",
    "/v1/operation-items",
    "/v1/outcome-lookups",
    "/v1/outside-sign-ins/<uuid:outside_sign_in_id>",
    "/v1/packages/<string:name>",
    "/status",
    "/v1/status",
    "/v1/receipt-checks",
    "/v1/refresh",
    "/v1/regions",
    "/v1/regions/<uuid:region_id>",
    "/v1/regions/<uuid:region_id>/ancestors",
    "/v1/regions/<uuid:region_id>/history",
    "/v1/sign-in",
    "/v1/signed-trust-list",
    "/v1/allow-list",
    "/v1/status-list",
    "/v1/trust-list",
    "/v1/try-out-systems/<uuid:try_out_system_id>",
    "/v1/verification",
    "/v1/verification/<string:serial>",
    "/v1/verification/<string:serial>/timeline",
    "/verify",
    "/verify/<string:serial>",
    "/verify/files/<path:name>",
    "/verify/card",
    "/verify/gate",
    "/verify/worker.js",
    "/web/<path:name>",
}


def addresses(app: Flask, stated: str | None) -> set[str]:
    """Return the addresses whose views have stated this access."""
    return {
        rule.rule
        for rule in app.url_map.iter_rules()
        if access.stated(app.view_functions[rule.endpoint]) == stated
    }


def test_every_address_states_who_may_use_it(app: Flask) -> None:
    assert addresses(app, None) == set()


def test_an_address_without_a_guard_would_be_seen() -> None:
    forgetful = Flask("forgetful", static_folder=None)
    forgetful.add_url_rule("/everything", view_func=lambda: "")

    assert addresses(forgetful, None) == {"/everything"}


def test_what_is_open_to_all_is_on_the_list(app: Flask) -> None:
    assert addresses(app, "open") == OPEN_TO_ALL


@pytest.fixture(scope="module")
def refusals() -> list[type[DomainError]]:
    """Return every refusal of the house."""
    return api_guide.refusals()


def test_the_guide_lists_every_refusal(refusals: list[type[DomainError]]) -> None:
    assert refusals
    assert api_guide.written() == api_guide.table(), "run `make codes`"


def test_every_refusal_has_a_code_of_its_own(refusals: list[type[DomainError]]) -> None:
    codes = Counter(refusal.code for refusal in refusals)

    assert [code for code, count in codes.items() if count > 1] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", code)] == []


def test_every_refusal_speaks_both_languages(refusals: list[type[DomainError]]) -> None:
    for refusal in refusals:
        assert re.search(r"[\u4e00-\u9fff]", refusal.zh), f"{refusal} says nothing in Chinese"
        assert re.search(r"[A-Za-z]{2}", refusal.en), f"{refusal} says nothing in English"
        assert DomainError.en != refusal.en, f"{refusal} does not say what stands in the way"
        assert "code" in vars(refusal), f"{refusal} has the code of another"


def test_every_refusal_tells_the_same_facts_in_both_languages(
    refusals: list[type[DomainError]],
) -> None:
    for refusal in refusals:
        assert facts_in(refusal.en) == facts_in(refusal.zh), refusal


def facts_in(template: str) -> set[str]:
    """Return the facts that a sentence names; `…_zh` is the same fact in Chinese."""
    return {
        name.removesuffix("_zh").removesuffix("_en")
        for _, name, _, _ in Formatter().parse(template)
        if name
    }


def test_every_refusal_has_a_status_that_blames_the_right_side(
    refusals: list[type[DomainError]],
) -> None:
    odd = [refusal for refusal in refusals if not 400 <= refusal.status < 600]

    assert odd == []


LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_packages_and_no_place(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    assert "--hash=sha256:" in text
    assert re.findall(r"://|--index-url|--extra-index|--find-links|file:", text) == []


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = Counter(path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))

    assert [number for number, count in numbers.items() if count > 1] == []


def test_no_file_that_ships_holds_an_identity_number() -> None:
    kinds = {".json", ".csv", ".html", ".js", ".md", ".sql", ".toml", ".txt"}
    shipped = [
        path
        for folder in (*PARTS, "load_tests", "docs")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds
    ]

    holding = [path for path in shipped if any(house.identity_numbers(path.read_text("utf-8")))]

    assert holding == []
