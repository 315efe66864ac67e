"""Load from outside: speaks HTTP, imports nothing of the house (压力测试)."""
