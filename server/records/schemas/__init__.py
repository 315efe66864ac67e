"""What goes in and out about training records and files (培训记录的数据格式)."""
