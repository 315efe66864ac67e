"""What an operator watches besides requests: how much waits, how old it is, how full (监控指标)."""
