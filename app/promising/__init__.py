"""How a deadline is found and when the next attempt is due; pure."""
