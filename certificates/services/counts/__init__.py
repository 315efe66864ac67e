"""The sums of coverage: kept, read, explained, rebuilt, checked (覆盖率台账服务)."""
