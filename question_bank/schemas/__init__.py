"""What goes in and out of the question bank (题库的数据格式): questions, imports, practice."""
