"""How the platform is doing, told to everybody: its state, and notices of who runs it (运行公告)."""
