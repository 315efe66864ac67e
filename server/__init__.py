"""The platform under every part (平台): settings, database, access, people, records."""
