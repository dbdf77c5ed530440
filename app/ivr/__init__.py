"""The flow interpreter: a turn in, a turn out; pure."""
