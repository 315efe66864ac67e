"""What is done when somebody arrives from outside (外部登录服务)."""
