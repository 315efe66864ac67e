"""Frameworks and terms of appointment that come with the platform (随平台发布的能力框架)."""
