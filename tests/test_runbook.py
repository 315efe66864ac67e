"""What the runbook tells to send is what the API takes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from exams.schemas.rooms import RoomEventIn
from server.notices.models import Urgency

RUNBOOK = Path(__file__).parents[1] / "docs" / "running" / "runbook.md"

#: A body within backticks; an ellipsis stands for a number.
BODY = re.compile(r"`(\{\"kind\".*?\})`")


@pytest.mark.once
def test_every_act_of_a_room_is_one_that_is_taken():
    bodies = [one.replace("…", "60") for one in BODY.findall(RUNBOOK.read_text("utf-8"))]

    acts = [RoomEventIn().load(json.loads(body))["order"].kind for body in bodies]

    assert {str(act) for act in acts} >= {"extension", "pause", "voiding"}


@pytest.mark.once
def test_notices_have_the_urgencies_that_are_told():
    told = re.search(r"\(`urgency` `(\w+)` or `(\w+)`\)", RUNBOOK.read_text("utf-8"))

    assert told
    assert set(told.groups()) <= {one.value for one in Urgency}
