"""Any number of clock processes on one database: every promise is claimed once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.models.engines import Database
from app.models.promise import Promise
from app.models.vault import Vault
from app.settings import environment
from tests.trust.clock_rig import ROOT
from tests.web.make import make_case, make_promise

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VAULT = Vault((("k1", bytes(range(32))),))


def make_due(url: str, count: int) -> None:
    """So many promises that are due; only what claiming looks at differs."""
    database = Database(url)
    with database.sessions.begin() as session:
        case = make_case(session, VAULT, NOW)
        first = make_promise(session, VAULT, case, NOW, key="p0", made_by="p0")
        columns = [column.name for column in Promise.__table__.columns if column.name not in ("id", "key", "made_by")]
        values = {name: getattr(first, name) for name in columns}
        rows = [{**values, "key": f"p{place}", "made_by": f"p{place}"} for place in range(1, count)]
        session.execute(sa.insert(Promise), rows)
    database.dispose()


@pytest.mark.crash
@pytest.mark.parametrize(
    ("processes", "due"), [(3, 150), *(pytest.param(many, 5000, marks=pytest.mark.long) for many in (1, 2, 4, 8))]
)
def test_every_promise_is_claimed_by_exactly_one_of_many_processes(database_url: str, processes: int, due: int) -> None:
    make_due(database_url, due)
    command = [sys.executable, str(Path(__file__).parent / "run_claims.py"), database_url]
    workers = [
        subprocess.Popen(
            [*command, f"worker-{place}"], cwd=ROOT, env={**environment(), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for place in range(processes)
    ]  # fmt: skip
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    claimed = Counter(line for worker in workers for line in worker.communicate(timeout=900)[0].split())

    assert len(claimed) == due
    assert set(claimed.values()) == {1}
    assert [worker.returncode for worker in workers] == [0] * processes
