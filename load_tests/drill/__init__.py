"""The drill before an exam day: a whole day compressed, and go or no go for this server (演练)."""
