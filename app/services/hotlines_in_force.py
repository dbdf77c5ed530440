"""The hotlines as they stand in the file, with what was changed by page laid over; soon the same in every process."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
import structlog

from app.domain.errors import BadFile
from app.domain.hotline import Hotline, Hours, Week
from app.ivr.hotline_file import Hotlines
from app.ivr.hotline_week import read_hours, read_week
from app.models.engines import Database
from app.models.hotline_change import WEEK, HotlineChange, Version, changes_that_count, version_of_changes

LOOK_SECONDS: Final = 2.0
"""How soon a change made elsewhere is known; a turn never asks for it."""

_log = structlog.get_logger()


class HotlinesInForce:
    """Every hotline, in the order of the file; each knows its hours of today and of the days to come.

    A change counts from a day on, and a hotline knows which hours hold on which day: nothing need happen at midnight,
    and what is promised for later days is promised by the hours of those.
    """

    def __init__(self, database: Database, in_file: Hotlines) -> None:
        """Lay over what was changed up to now.

        Args:
            in_file: the hotlines as they are shipped.
        """
        self.in_file: Final = in_file
        self._database = database
        self._stop = threading.Event()
        self._version: Version = (0, 0)
        self._present = in_file
        self.look()

    def look(self) -> None:
        """Take over what was changed since the last look."""
        with self._database.reads() as session:
            version = version_of_changes(session)
            if version == self._version:
                return
            rows = changes_that_count(session)
            present = [lay_over(each, [row for row in rows if row.hotline == each.name]) for each in self.in_file]
        self._present, self._version = Hotlines(tuple(present)), version

    def of(self, number: str) -> Hotline:
        """The hotline that answers this number (E.164); the first one answers every number that stands nowhere."""
        return self._present.of(number)

    def named(self, name: str) -> Hotline | None:
        """The hotline with this short id; None if it stands there no more."""
        return self._present.named(name)

    def named_or_first(self, name: str) -> Hotline:
        """The hotline of a call that is under way; the first one if it was taken out of the file meanwhile."""
        return self._present.named(name) or self._present.all[0]

    def __iter__(self) -> Iterator[Hotline]:
        return iter(self._present)

    def keep_up(self) -> None:
        """Follow what other processes change, in a thread of its own, until the process ends."""
        threading.Thread(target=self._follow, name="hotlines", daemon=True).start()

    def close(self) -> None:
        """Stop following."""
        self._stop.set()

    def _follow(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except sa.exc.SQLAlchemyError:
                continue  # the database is away; the hours stay as they were


def lay_over(hotline: Hotline, changes: Iterable[HotlineChange]) -> Hotline:
    """A hotline of the file with its changes; of two for the same day the later one counts.

    One that can no longer be read, since a language was taken out of the file, is left out and put into the log.
    """
    weeks: dict[date, Week] = {}
    days: dict[date, Hours] = {}
    for change in changes:
        try:
            if change.kind == WEEK:
                weeks[change.from_on] = read_week(change.written, hotline.languages, change.from_on)
            else:
                hours = read_hours(change.written["hours"])
                days |= dict.fromkeys(days_from(change.from_on, change.last_on or change.from_on), hours)
        except BadFile as bad:
            _log.error("a change of hours does not fit the hotline file any more", change=change.id, faults=str(bad))
    return replace(hotline, weeks=tuple(weeks[first] for first in sorted(weeks)), days=days)


def days_from(first: date, last: date) -> list[date]:
    """The days from the first to the last, both counted."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
