"""Pages and files for people: they speak to /v1 and nothing else (页面)."""
