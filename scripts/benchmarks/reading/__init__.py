"""What the measurement of reading release names compares, and who reads."""
