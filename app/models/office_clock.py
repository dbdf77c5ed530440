"""The office's clock: the machine's, or faster for demonstration, the same in every process of the office."""

from __future__ import annotations

import threading
from datetime import datetime

import sqlalchemy as sa

from app.domain.clock import Clock
from app.models.engines import Database
from app.models.office import ClockAnchor
from app.models.upsert import insert_absent

_LOOK_SECONDS = 0.5  # how soon a change of speed is noticed by the other processes


class OfficeClock:
    """Office time: an anchor in the database, and from there `speed` times the machine's time."""

    def __init__(self, database: Database, wall: Clock, base_speed: float) -> None:
        """Anchor the clock, or join the one that other processes run on.

        Args:
            wall: the machine's clock.
            base_speed: the setting; a changed setting sets the office's clock right again.
        """
        self._database = database
        self._wall = wall
        self._stop = threading.Event()
        now = wall.now()
        fresh = {"base_speed": base_speed, "speed": base_speed, "wall_at": now, "office_at": now}
        with database.sessions.begin() as session:
            insert_absent(session, ClockAnchor, {"id": 1, **fresh}, ("id",))
            session.execute(sa.update(ClockAnchor).where(ClockAnchor.base_speed != base_speed).values(**fresh))
        self._anchor = self._read()

    def now(self) -> datetime:
        """The office's time, aware, in UTC."""
        wall_at, office_at, speed = self._anchor
        return office_at + (self._wall.now() - wall_at) * speed

    @property
    def speed(self) -> float:
        """How many times faster than the machine's clock it runs."""
        return self._anchor[2]

    def set_speed(self, speed: float) -> None:
        """Run faster or slower from now on, in every process; the office's time never jumps."""
        wall_now = self._wall.now()
        with self._database.sessions.begin() as session:
            session.execute(sa.update(ClockAnchor).values(speed=speed, wall_at=wall_now, office_at=self.now()))
        self._anchor = self._read()

    def keep_up(self) -> None:
        """Follow changes of speed made in other processes, in a thread of its own, until the process ends."""
        threading.Thread(target=self._follow, name="office-clock", daemon=True).start()

    def _follow(self) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            try:
                self._anchor = self._read()
            except sa.exc.SQLAlchemyError:
                continue  # the database is away; the clock runs on as it did

    def close(self) -> None:
        """Stop following."""
        self._stop.set()

    def _read(self) -> tuple[datetime, datetime, float]:
        with self._database.reads() as session:
            row = session.execute(sa.select(ClockAnchor.wall_at, ClockAnchor.office_at, ClockAnchor.speed)).one()
        return (row.wall_at, row.office_at, row.speed)
