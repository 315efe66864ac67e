"""Repair by exchange: papers of one block swap questions of one cell (调换修正).

An exchange changes neither how often a question comes up nor how many a paper takes of a topic,
so that what was exact stays exact. First go what may not stand together, then the hardest paper
of a block gives to the easiest until all lie on the target.
"""

from __future__ import annotations

from exams.batch import balancing
from exams.batch.block import Block
from exams.batch.dealing import BLOCK
from exams.batch.stock import Places, Shelf


def repaired(shelf: Shelf, papers: Places, columns: Places, plans: int) -> Places:
    """Return the papers with conflicts and differences exchanged away, where that is possible."""
    made = papers.copy()
    blocks = [
        Block(shelf, made[begin : begin + BLOCK], columns[(begin // BLOCK) % plans])
        for begin in range(0, len(made), BLOCK)
    ]
    for block in blocks:
        block.part()
    if shelf.specification.target is not None:
        balancing.balance(shelf, blocks)
        for block in blocks:
            block.level()
    return made
