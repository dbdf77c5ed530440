"""An office for one command: a fresh database in a temporary folder, and the local phone network around it.

Everything happens in this process and on one clock that only moves when the phone network does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.cli import local_env
from app.models.everything import Base
from app.runtime import Runtime
from app.settings import Settings
from app.simulator.carrier import Carrier
from app.simulator.clock import VirtualClock
from app.simulator.transport import WsgiTransport
from app.web.app import create_app

PUBLIC_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Throwaway:
    """The office and the phone network that rings it."""

    runtime: Runtime
    carrier: Carrier


@contextmanager
def throwaway_office(now: datetime, hotline_config: Path | None = None) -> Iterator[Throwaway]:
    """An office that begins at `now` (aware) and is gone afterwards.

    Raises:
        BadFile: with every fault of the flows, the words and the hotline file.
    """
    with tempfile.TemporaryDirectory(prefix="rueckruf-") as folder:
        chosen = {"PUBLIC_URL": PUBLIC_URL, "TWILIO_API_URL": PUBLIC_URL, "VAR_DIR": folder}
        if hotline_config is not None:
            chosen["HOTLINE_CONFIG"] = str(hotline_config)
        settings = Settings.read({**local_env.write(Path(folder) / "local.env", {}), **chosen})
        clock = VirtualClock(now)
        runtime = Runtime.build(settings, clock=clock, wall=clock)
        try:
            Base.metadata.create_all(runtime.database.engine)
            carrier = Carrier(
                settings.twilio_account_sid,
                settings.twilio_auth_token,
                settings.public_url,
                transport=WsgiTransport(create_app(runtime)),
                clock=clock,
            )
            for hotline in runtime.hotlines:
                for number in hotline.numbers:
                    carrier.own(number, hotline.name)
            yield Throwaway(runtime, carrier)
            carrier.stop()
        finally:
            runtime.close()
