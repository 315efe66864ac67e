"""What the import contracts in pyproject.toml cannot say: every other file of a part is pure."""

from __future__ import annotations

import grimp
import pytest

from tests.house import PARTS

CONTAINERS = (
    "question_bank",
    "exams",
    "exams.contests",
    "certificates",
    "certificates.competence",
    "server.auth",
    "server.people",
    "server.organisations",
    "server.regions",
    "server.audit",
    "server.records",
    "server.catalogue",
    "server.training",
    "server.exchange",
)

#: The rooms of a part that touch the world: HTTP, the database, the clock, keys, one's settings.
#: Whatever else stands in a part is a rule over plain values.
ROOMS = {
    "views",
    "commands",
    "contests",  # exams: a part of its own, whose rooms are looked at like others
    "competence",  # certificates: likewise
    "drilling",  # exams: a command, too
    "figuring",  # exams: a command and a job
    "printing_jobs",  # exams: a job
    "publishing_jobs",  # exams: a job, and what clears up after it
    "enrolling_jobs",  # exams: a job
    "archiving",  # exams, audit: rows that leave for files
    "names",  # audit: reads what things are called
    "archive_commands",  # exams: likewise
    "trying",  # exams: a command on generated data
    "correcting_jobs",  # exams: jobs of regrades, and work beside the requests
    "searching",  # question_bank: likewise
    "folding",  # question_bank: work beside the requests
    "demonstration",
    "schemas",
    "services",
    "models",
    "events",  # published through the application
    "doorkeeper",  # auth: finds who presents a token
    "delivering",  # exchange: sends what is told to another system
    "oauth",  # exchange: gives out tokens
    "gatekeeper",  # exchange: finds which system presents one, and gives them out
    "sweeping",  # auth: work beside the requests
    "ciphers",  # people: the keys of this installation
    "keys",  # certificates: likewise
    "reminding",  # certificates: work beside the requests
    "stating",  # certificates: sends to others
    "watching",  # certificates: sees what a transaction writes
    "producing",  # certificates: jobs
    "pending",  # audit: entries of the transaction that is open
    "links",  # audit: reading the chain
    "rows",  # audit: what is added to the chain, for many at once
}

#: What a rule may not reach, neither itself nor through others.
WORLD = (
    "flask",
    "werkzeug",
    "sqlalchemy",
    "flask_sqlalchemy",
    "marshmallow",
    "server.db",
    "server.clock",
)


@pytest.fixture
def graph() -> grimp.ImportGraph:
    """Return who imports whom in the whole house."""
    return grimp.build_graph(*PARTS, "load_tests", include_external_packages=True, cache_dir=None)


def test_a_rule_knows_no_web_no_database_and_no_clock(graph: grimp.ImportGraph) -> None:
    reached = [
        " -> ".join(chain)
        for rule in rules(graph)
        for forbidden in WORLD
        if (chain := graph.find_shortest_chain(rule, forbidden))
    ]

    assert not reached, "\n".join(reached)


def test_an_impure_rule_would_be_seen(graph: grimp.ImportGraph) -> None:
    graph.add_import(importer="exams.grading", imported="exams.models")

    assert "exams.grading" in rules(graph)
    assert graph.find_shortest_chain("exams.grading", "sqlalchemy")


def rules(graph: grimp.ImportGraph) -> set[str]:
    """Return the modules of all parts that stand in none of the rooms."""
    found: set[str] = set()
    for container in CONTAINERS:
        for module in graph.find_children(container):
            if module.rsplit(".", 1)[1] not in ROOMS:
                found |= {module} | graph.find_descendants(module)
    return found
