"""The operator's commands behind scripts/hotline, one group a file."""
