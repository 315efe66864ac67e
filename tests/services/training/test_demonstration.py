"""The demonstration's classes: one is over and on file, one goes on."""

from __future__ import annotations

from flask import Flask

from server.demonstration import Demonstration
from server.people import demonstration as people
from server.records.entries import RecordKind
from server.records.services import ledger
from server.regions import services as regions
from server.training import demonstration
from server.training.services import classes as training_classes
from server.training.services import closing, learners, lessons
from tests.moments import NOON


def test_a_new_user_sees_a_class_that_is_over_and_one_that_goes_on(inside: Flask) -> None:
    play = Demonstration(at=NOON, say=lambda _line: None)
    regions.load_reference()
    people.load(play)
    demonstration.load(play)

    over, runs = (training_classes.get(one) for one in play.made["classes"])
    results = closing.results(over)
    assert sorted((one.tenths, one.learner.completed) for one in results) == [
        (80, False),
        *[(200, True)] * 4,
    ]
    assert (over.closed_at, runs.closed_at) == (NOON, None)
    assert (len(learners.of(runs.id)), len(lessons.of(runs.id))) == (3, 3)
    [record] = ledger.of(play.made["crew"]["employee"][0], RecordKind.TRAINING)
    assert (record.content["hours"], record.purpose) == ("20.0", "annual")
