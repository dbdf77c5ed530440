"""The loop of a tick: one bad row never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import sqlalchemy as sa
import structlog

from app.models.patience import DatabaseHangs

Row = TypeVar("Row")
_log = structlog.get_logger()


def one_by_one(rows: Iterable[Row], step: Callable[[Row], int], go_on: Callable[[], bool] = lambda: True) -> int:
    """Take a step for each row; gives the sum of what the steps gave.

    A step that fails is told in the log and changes nothing; its row comes up again at the next tick.

    Args:
        go_on: asked before each step; False leaves the rest to the next time.

    Raises:
        OperationalError, DatabaseHangs: if the database is away; so it would be for the others.
    """
    done = 0
    for row in rows:
        if not go_on():
            break
        try:
            done += step(row)
        except (sa.exc.OperationalError, DatabaseHangs):
            raise
        except Exception:  # noqa: BLE001 - the tick loop
            _log.exception("a step failed", step=getattr(step, "__qualname__", "").partition(".")[0], row=str(row))
    return done
