"""Telling people and organisations something once, and delivering it (消息服务)."""
