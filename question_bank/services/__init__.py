"""What can be done with banks, questions, imports and practice (题库服务)."""
