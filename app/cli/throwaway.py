"""An office for one command: a fresh database in a temporary folder, and gone when the command ends."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from app.cli import local_env
from app.cli.virtual_office import VirtualOffice
from app.models.engines import Database
from app.models.everything import Base
from app.settings import Settings

ADDRESSES = {"PUBLIC_URL": "http://127.0.0.1:8000", "TWILIO_API_URL": "http://127.0.0.1:8001"}


@contextmanager
def throwaway_office(now: datetime, seed: int = 0) -> Iterator[VirtualOffice]:
    """An office that begins at `now` (aware), with made-up secrets and nobody in it.

    Raises:
        BadFile: with every fault of the flows, the words and the hotline file.
    """
    with tempfile.TemporaryDirectory(prefix="rueckruf-") as folder:
        made_up = local_env.write(Path(folder) / "local.env", {**ADDRESSES, "VAR_DIR": folder})
        settings = Settings.read(made_up)
        database = Database(settings.database_url, pool_size=1)
        Base.metadata.create_all(database.engine)
        database.dispose()
        office = VirtualOffice(settings, now=now, seed=seed)
        try:
            yield office
        finally:
            office.close()
