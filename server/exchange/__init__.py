"""Other systems: agreements, clients, what they may know and what they asked (系统对接)."""
