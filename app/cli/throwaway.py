"""An office for one command: a fresh database in a temporary folder, and gone when the command ends."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.cli import local_env
from app.cli.virtual_office import VirtualOffice
from app.models.engines import Database
from app.models.everything import Base
from app.settings import Settings
from app.simulator.faults import Faults

ADDRESSES = {"PUBLIC_URL": "http://127.0.0.1:8000", "TWILIO_API_URL": "http://127.0.0.1:8001"}


@contextmanager
def throwaway_office(
    now: datetime,
    seed: int = 0,
    faults: Faults | None = None,
    flows: Path | None = None,
    *,
    hotlines: Path | None = None,
    proved: bool = False,
    silent: bool = False,
    forgets_after: timedelta | None = None,
) -> Iterator[VirtualOffice]:
    """An office that begins at `now` (aware), with made-up secrets and nobody in it.

    Args:
        now: when it begins.
        seed: of everything that is drawn.
        faults: what the phone network does wrong; None for nothing.
        flows: the folder of flows to try out, also if a rule refutes them; None for those that offices run.
        hotlines: another hotline file than that of this program, e.g. with another roster.
        proved: the flows have just been proved, and need not be proved again.
        silent: whether speech that the office makes itself is silence of the same length.
        forgets_after: how long the network remembers a call that is over; None for ever.

    Raises:
        BadFile: with every fault of the flows, the words and the hotline file.
    """
    file = flows / "hotline.yaml" if flows else hotlines
    chosen = {"HOTLINE_CONFIG": str(file.absolute())} if file else {}
    with tempfile.TemporaryDirectory(prefix="rueckruf-") as folder:
        made_up = local_env.write(Path(folder) / "local.env", {**ADDRESSES, "VAR_DIR": folder, **chosen})
        settings = Settings.read(made_up)
        database = Database(settings.database_url, pool_size=1)
        Base.metadata.create_all(database.engine)
        database.dispose()
        office = VirtualOffice(
            settings,
            now=now.astimezone(UTC),
            seed=seed,
            faults=faults,
            unproved=proved or flows is not None,
            silent=silent,
            forgets_after=forgets_after,
        )
        for engine in (office.runtime.database.engine, office.runtime.database.single):
            sa.event.listen(engine, "connect", _never_wait_for_the_disk)
        try:
            yield office
        finally:
            office.close()


def _never_wait_for_the_disk(connection: Any, _record: Any) -> None:
    """What is gone in a minute need not survive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")
