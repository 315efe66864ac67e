"""What contests do: planning, joining, responding, boards, results."""
