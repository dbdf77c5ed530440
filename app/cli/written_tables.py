"""Which tables of a SQLite database this process has written to, as far as it matters to a question.

Triggers in each connection's own temporary schema tell; the database itself knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from app.models.engines import Database

_TELL: Final = "rueckruf_written"


class WrittenTables:
    """Counts the writes that matter, by table."""

    def __init__(self, database: Database, watched: Mapping[str, Iterable[str]]) -> None:
        """Watch from now on.

        Args:
            database: its connections are opened anew, so that each of them tells.
            watched: by table the columns whose change matters; new and deleted rows always do.
        """
        self._counts = dict.fromkeys(watched, 0)
        self.is_told = database.is_sqlite
        self._triggers = [
            f"CREATE TEMP TRIGGER {_TELL}_{table}_{number} AFTER {event} ON main.{table} "
            f"BEGIN SELECT {_TELL}('{table}'); END"
            for table, columns in watched.items()
            for number, event in enumerate(("INSERT", "DELETE", f"UPDATE OF {', '.join(columns)}"))
        ]
        if self.is_told:
            for engine in (database.engine, database.single):
                engine.dispose()
                sa.event.listen(engine, "connect", self._listen)

    def count(self, tables: Iterable[str]) -> int:
        """A number that grows with every write to one of these tables; only if `is_told`."""
        return sum([self._counts[table] for table in tables])

    def _listen(self, connection: Any, _record: Any) -> None:
        connection.create_function(_TELL, 1, self._note)
        for trigger in self._triggers:
            connection.execute(trigger)

    def _note(self, table: str) -> None:
        self._counts[table] += 1
