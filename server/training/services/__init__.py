"""What training does and knows (培训服务)."""
