"""What grew old leaves the database for sealed-by-hash files, and can be brought back (归档)."""
