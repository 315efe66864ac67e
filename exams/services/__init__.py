"""What can be done with exams, papers, places in them, and attempts (考试服务)."""
