"""Find works by what they are about, and suggest what somebody may like."""
