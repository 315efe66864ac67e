"""Services of exams on a real database."""
