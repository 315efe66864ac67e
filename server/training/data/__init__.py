"""Numbers of the law about training, by the day from which they count (培训法定数据)."""
