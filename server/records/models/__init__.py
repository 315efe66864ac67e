"""Tables of the training file: its ledger, what awaits signing, copies, seals, what was let go."""

from server.records.models.awaiting import AwaitedSignature
from server.records.models.files import FileAccess, FileConsent, FileDocument, FileSeal, Looking
from server.records.models.ledger import Record
from server.records.models.retention import RetiredRecord

__all__ = [
    "AwaitedSignature",
    "FileAccess",
    "FileConsent",
    "FileDocument",
    "FileSeal",
    "Looking",
    "Record",
    "RetiredRecord",
]
