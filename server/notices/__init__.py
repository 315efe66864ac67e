"""How the platform is doing, told to everybody: its state, and notices (运行公告)."""
