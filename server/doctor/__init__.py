"""Is this machine fit for an exam day? Looked at from the clock to the last backup (考前体检)."""
