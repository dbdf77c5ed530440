"""A connection to PostgreSQL that gives up when the server stands still.

The server's own time-outs do not help then: the driver would wait for ever, a caller fifteen seconds.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.abc import PQGen

from app.models.patience import DatabaseHangs, patience

Result = TypeVar("Result")


class PatientConnection(psycopg.Connection[Any]):
    """Every exchange with the server ends within the present `patience`."""

    def wait(self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None) -> Result:
        """Take part in one exchange with the server.

        Raises:
            DatabaseHangs: if it takes too long.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, patience.get())
        except psycopg.errors._WaitTimeout:
            self.pgconn.finish()
            raise DatabaseHangs("the database does not answer") from None


def be_patient(engine: sa.Engine) -> None:
    """Have an engine make such connections."""
    sa.event.listen(engine, "do_connect", _connect)


def _connect(_dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> PatientConnection:
    return PatientConnection.connect(*arguments, **named)
