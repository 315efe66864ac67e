"""The ledger of training records: writing into it, reading it, the file made of it (培训记录服务).

Other parts call `services.add(…)` and read `services.of`, `services.standing`, `services.trained`.
"""

from server.records.services.ledger import (
    Fact,
    add,
    add_all,
    barred,
    entry,
    facts_of,
    get,
    of,
    standing,
    trained,
    training_in,
)

__all__ = [
    "Fact",
    "add",
    "add_all",
    "barred",
    "entry",
    "facts_of",
    "get",
    "of",
    "standing",
    "trained",
    "training_in",
]
