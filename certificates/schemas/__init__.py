"""What goes in and out about certificates and coverage (数据格式)."""
