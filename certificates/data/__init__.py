"""Data that comes with certificates: rules by date, the first indicators, measures."""
