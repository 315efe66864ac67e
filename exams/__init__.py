"""Exams, papers, attempts, grading (考试)."""
