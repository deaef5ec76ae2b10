"""What happened and what may happen: events, matters, dates, deadlines. Imports nothing of ours."""
