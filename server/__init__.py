"""The platform under every part (平台): configuration, database, access, people, organisations, records."""
