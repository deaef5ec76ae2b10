"""How long resolve, rebuild and append take, beside what the event library itself takes for the same events."""
