"""Alembic's door; the URL and the engine come from `app.migrations.__main__`."""

from alembic import context

from app.models.everything import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
