"""What goes in and out about exams (考试的数据格式)."""
