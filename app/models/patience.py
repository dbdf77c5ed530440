"""How long we wait for a database that has stopped answering without saying so."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

import sqlalchemy as sa

USUAL: Final = 12.0  # seconds for one exchange; the server gives up by itself after ten
HURRIED: Final = 2.0  # with somebody on the telephone
QUEUEING: Final = 7.0  # behind others who do the same; the server gives up by itself after five

patience: ContextVar[float] = ContextVar("patience", default=USUAL)


class DatabaseHangs(sa.exc.SQLAlchemyError):
    """No answer came; whether the statement took effect is not known, and the connection is closed.

    No error of the driver's, so that nobody tries again at once and waits twice.
    """
