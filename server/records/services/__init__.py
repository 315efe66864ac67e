"""The ledger of training records: writing into it, reading it, the file made of it (培训记录服务).

Other parts call `services.add(…)` and read `services.of`, `services.standing`, `services.trained`.
"""

from server.records.services.ledger import add, add_all, barred, entry, get, of, standing, trained

__all__ = ["add", "add_all", "barred", "entry", "get", "of", "standing", "trained"]
