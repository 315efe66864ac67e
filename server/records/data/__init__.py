"""Dated rules of training files (档案规则数据)."""
