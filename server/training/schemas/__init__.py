"""What goes in and out about training (培训的数据格式)."""
