"""Every flow set that was ever loaded, as text, so that a call keeps the version it began with."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from app.models.engines import Database
from app.models.office import SavedFlow
from app.models.upsert import insert_absent


def save_flows(database: Database, version: str, folder: Path, *, now: datetime) -> None:
    """Keep the files of a flow set; the same version a second time changes nothing."""
    sources = {str(file.relative_to(folder)): file.read_text("utf-8") for file in sorted(folder.rglob("*.yaml"))}
    values = {"version": version, "sources": json.dumps(sources), "saved_at": now}
    with database.sessions.begin() as session:
        insert_absent(session, SavedFlow, values, ("version",))


def lay_out(database: Database, version: str, folder: Path) -> bool:
    """Write the files of a kept version into `folder`; False if that version was never kept."""
    with database.reads() as session:
        saved = session.get(SavedFlow, version)
        if saved is None:
            return False
        sources: dict[str, str] = json.loads(saved.sources)
    for name, text in sources.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return True
