"""Tables of cases for the rules of exams."""
