"""Knowledge contests open to everyone: rounds, boards, results (知识竞赛)."""
