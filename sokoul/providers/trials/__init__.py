"""One small question for each integration, for its Test button: one row in `table.py`, one function."""
