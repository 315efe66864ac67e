"""The ledger of training records and the file made of it (培训记录与一人一档)."""
