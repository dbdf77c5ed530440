"""The history of the schema, and how a database is brought to the newest one."""
