"""Chapter: the coverage of the enterprise, before and after (持证率)."""

from __future__ import annotations

from typing import Any

from load_tests.chapters.story import Story
from load_tests.expectations import expect
from load_tests.messages import get
from load_tests.setting import pages


def look(story: Story) -> None:
    """See the coverage before anybody is certified."""
    with story.step("coverage before") as step:
        figure = _figure(story)
        expect("required, covered", _counts(figure), (2, 0))
        expect("share", (figure["ratio"], figure["reached"]), ("0.000000", False))
        step.result = _in_words(figure)


def tell(story: Story) -> None:
    """See that it has moved by the one who passed, and that the other is missing."""
    with story.step("coverage after") as step:
        figure = _figure(story)
        expect("required, covered", _counts(figure), (2, 1))
        expect("missing", figure["missing_count"], 1)
        step.result = _in_words(figure)
    with story.step("who is missing, and why") as step:
        analyst = story.setting.staff["analyst"]
        address = f"/v1/coverage/{story.role.indicator}/missing"
        organisation_id = story.setting.organisations["enterprise"]
        missing = list(pages(analyst, address, organisation_id=organisation_id))
        found = [one["subject_id"] for one in missing]
        expect("missing people", found, [str(story.loser.person_id)])
        step.result = (
            f"{missing[0]['name']} {missing[0]['document_masked']}: {missing[0]['reason']}"
        )


def _figure(story: Story) -> dict[str, Any]:
    query = {
        "indicator": story.role.indicator,
        "organisation_id": story.setting.organisations["enterprise"],
    }
    items = story.setting.staff["analyst"].send(get("/v1/coverage", query=query)).good()["items"]
    expect("figures", len(items), 1)
    figure: dict[str, Any] = items[0]
    return figure


def _counts(figure: dict[str, Any]) -> tuple[int, int]:
    return figure["required_count"], figure["covered_count"]


def _in_words(figure: dict[str, Any]) -> str:
    return f"{figure['covered_count']} of {figure['required_count']}: {figure['shown']}"
