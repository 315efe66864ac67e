"""What goes in and out of the people's rooms, one file for each noun (数据格式)."""
