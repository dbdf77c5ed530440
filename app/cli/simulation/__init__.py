"""A day of a hotline: people who complain in their own words, agents, and what became of every promise."""
