"""Signing in by an account that somebody else keeps: OpenID Connect (外部身份登录)."""
