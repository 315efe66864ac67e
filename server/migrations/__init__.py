"""Migrations, numbered, both directions (数据库迁移)."""
