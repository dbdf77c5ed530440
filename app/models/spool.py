"""What was heard while the database was away: one sealed file an entry, on disk before anybody is thanked."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from app.models.vault import Vault


class Spool:
    """Entries in a folder; they survive a crash of this machine's processes."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        """Take the folder; it is made when it is needed."""
        self._folder = folder
        self._vault = vault

    def add(self, entry: dict[str, Any]) -> None:
        """Write an entry down durably."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = secrets.token_hex(12)
        draft = self._folder / f"{name}.part"
        with draft.open("wb") as file:
            file.write(self._vault.seal(entry, f"spool:{name}"))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(self._folder / f"{name}.entry")
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def files(self) -> list[Path]:
        """Every entry's file, the oldest first."""
        return sorted(self._folder.glob("*.entry"), key=lambda path: path.stat().st_mtime)

    def read(self, file: Path) -> dict[str, Any]:
        """What an entry says.

        Raises:
            SealBroken: if the file was altered, or sealed with a key that is gone.
        """
        entry: dict[str, Any] = self._vault.open(file.read_bytes(), f"spool:{file.stem}")
        return entry
