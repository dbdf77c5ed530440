"""One of several processes that claim all promises they can get; it prints the ids of those it got."""

from __future__ import annotations

import sys
from datetime import timedelta

import sqlalchemy as sa

from app.domain.clock import SystemClock
from app.models.engines import Database
from app.models.promise import Promise, claim

if __name__ == "__main__":
    url, worker = sys.argv[1:]
    database = Database(url)
    sys.stdin.readline()  # until everybody is there
    now = SystemClock().now()
    with database.reads() as session:
        due = list(session.scalars(sa.select(Promise.id).order_by(Promise.latest_start_at)))
    for promise_id in due:
        with database.sessions.begin() as session:
            won = claim(session, promise_id, worker=worker, wall_now=now, until=now + timedelta(minutes=30))
        if won:
            print(promise_id)
    database.dispose()
