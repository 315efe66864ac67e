"""Industries of GB/T 4754-2017 and which of them are high-risk, from when (行业数据)."""
