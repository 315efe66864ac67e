"""The solver of linear and integer programs, as the rules of a batch use it (求解器)."""

from __future__ import annotations

from highspy import Highs as Solver
from highspy.highs import highs_linear_expression as Expression  # noqa: N812  # is a class
from highspy.highs import highs_var as Variable  # noqa: N812  # is a class

__all__ = ["Expression", "Solver", "Variable", "solver"]


def solver() -> Solver:
    """Return an empty program that prints nothing and solves alike every time."""
    made = Solver()  # type: ignore[no-untyped-call]  # the library's constructor has no types
    made.silent()
    made.setOptionValue("threads", 1)
    made.setOptionValue("random_seed", 1)
    return made
