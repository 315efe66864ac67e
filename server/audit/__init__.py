"""Who did what to what, chained so that a change behind anyone's back shows (审计)."""
