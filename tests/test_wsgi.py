"""What the web process loads when it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.settings import environment

ROOT = Path(__file__).parents[1]
# Each costs a tenth of a second or more, or tens of megabytes, and no request needs it.
NOT_NEEDED = ("twilio.rest", "apscheduler", "alembic", "app.cli", "app.jobs", "app.simulator", "espeakng_loader")


def test_the_web_process_loads_nothing_that_it_does_not_need(environ: dict[str, str], sqlite_url: str) -> None:
    told = f"import sys, app.wsgi; print([name for name in {NOT_NEEDED} if name in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", told],
        cwd=ROOT,
        env={**environment(), **environ, "DATABASE_URL": sqlite_url},
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.strip() == "[]"
