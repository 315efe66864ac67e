"""Trees by materialised paths: beneath, above, moving, and the circle."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.organisations import tree
from server.organisations.errors import MovedBeneathItself
from server.regions.tree import ancestors, end_of, is_beneath, lineage, path_of

ROOT, CHILD, GRANDCHILD, OTHER = (UUID(int=number) for number in range(1, 5))
ROOT_PATH = path_of(ROOT, None)
CHILD_PATH = path_of(CHILD, ROOT_PATH)
GRANDCHILD_PATH = path_of(GRANDCHILD, CHILD_PATH)
OTHER_PATH = path_of(OTHER, None)
EVERY = [ROOT_PATH, CHILD_PATH, GRANDCHILD_PATH, OTHER_PATH]


def test_a_path_tells_the_lineage() -> None:
    assert lineage(GRANDCHILD_PATH) == [ROOT, CHILD, GRANDCHILD]
    assert ancestors(GRANDCHILD_PATH) == [ROOT, CHILD]
    assert ancestors(ROOT_PATH) == []


@given(st.lists(st.uuids(), min_size=1, max_size=4), st.lists(st.uuids(), max_size=4))
def test_a_stretch_of_the_index_holds_exactly_what_lies_beneath(
    top: list[UUID], rest: list[UUID]
) -> None:
    root, path = None, None
    for step in top:
        root = path_of(step, root)
    assert root is not None
    for step in rest:
        path = path_of(step, path)
    for one in [root, *([path] if path else []), root + "x/", "/" + str(top[0])]:
        assert (root <= one < end_of(root)) is is_beneath(one, root)


def test_moving_takes_the_whole_branch_along_and_nothing_else() -> None:
    paths = tree.moved(CHILD, CHILD_PATH, to_parent_path=OTHER_PATH, paths=EVERY)

    assert paths == {
        CHILD_PATH: path_of(CHILD, OTHER_PATH),
        GRANDCHILD_PATH: path_of(GRANDCHILD, path_of(CHILD, OTHER_PATH)),
    }


def test_a_branch_can_become_a_tree_of_its_own() -> None:
    paths = tree.moved(CHILD, CHILD_PATH, to_parent_path=None, paths=EVERY)

    assert paths[GRANDCHILD_PATH] == f"/{CHILD}/{GRANDCHILD}/"


@pytest.mark.parametrize("beneath", [CHILD_PATH, GRANDCHILD_PATH])
def test_nothing_hangs_beneath_itself(beneath: str) -> None:
    with pytest.raises(MovedBeneathItself):
        tree.moved(CHILD, CHILD_PATH, to_parent_path=beneath, paths=EVERY)


@given(st.integers(1, 6), st.integers(0, 5))
def test_moving_there_and_back_changes_nothing(depth: int, at: int) -> None:
    ids = [uuid4() for _ in range(depth)]
    paths: list[str] = []
    for one in ids:
        paths.append(path_of(one, paths[-1] if paths else None))
    at = min(at, depth - 1)
    parent = paths[at - 1] if at else None

    there = tree.moved(ids[at], paths[at], to_parent_path=OTHER_PATH, paths=paths)
    back = tree.moved(ids[at], there[paths[at]], to_parent_path=parent, paths=there.values())

    assert sorted(back.values()) == sorted(paths[at:])
