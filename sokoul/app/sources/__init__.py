"""Every outside source that is asked: one row in `table.py`, one small file for each family."""
