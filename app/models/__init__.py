"""Tables and the queries on them, one noun a file."""
