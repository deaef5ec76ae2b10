"""What is due, told once: the clock, and what it would have told by any day."""
