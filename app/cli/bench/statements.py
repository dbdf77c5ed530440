"""Counting what reaches a database, below SQLAlchemy, so that nothing passes uncounted."""

from __future__ import annotations

from typing import Any

import psycopg
import sqlalchemy as sa

from app.models.engines import Database


class StatementCount:
    """The statements of every connection that a database opens from now on; BEGIN and COMMIT count as well."""

    def __init__(self, database: Database) -> None:
        """Watch `database`; what it has connected before is closed."""
        self.statements: list[str] = []
        database.dispose()
        for engine in {database.engine, database.single, database.reading}:
            sa.event.listen(engine, "connect", self._watch)

    def _watch(self, connection: Any, _record: Any) -> None:
        if not isinstance(connection, psycopg.Connection):
            connection.set_trace_callback(self.statements.append)
            return
        statements = self.statements

        class Counted(psycopg.Cursor[Any]):
            def execute(self, query: Any, *args: Any, **named: Any) -> Any:
                statements.append(str(query))
                return super().execute(query, *args, **named)

        connection.cursor_factory = Counted
