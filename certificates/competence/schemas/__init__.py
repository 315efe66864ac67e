"""Competence as it goes in and out (能力评价的数据格式)."""
