"""Questions, their versions, their keys (题库)."""
