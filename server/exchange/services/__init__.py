"""What is done for other systems (对接服务)."""
