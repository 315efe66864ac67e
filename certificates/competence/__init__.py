"""Competence by post and grade: frameworks, proofs, evaluations (岗位能力评价)."""
