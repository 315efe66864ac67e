"""Organisations and their departments (单位): enterprises, providers, test centres, authorities."""
