"""In which order transactions take rows: two that take the same two in different orders can stand still for ever."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa

_CHANGED: Final = re.compile(r"\s*(?:UPDATE|DELETE FROM)\s+(\w+)")
_LOCKED: Final = re.compile(r"\bFROM (\w+)\b.*\bFOR (?:NO KEY )?UPDATE", re.DOTALL)
_TURN: Final = "pg_advisory_xact_lock"
TO_PROMISE: Final = "the turn to promise"
IN_ORDER: Final = ("attempts", "cases", "waits", TO_PROMISE, "promises", "staff", "dial_pace")
"""What every transaction takes one after the other, as far as it takes it at all."""


def locked_by(statement: str) -> str | None:
    """What a statement of PostgreSQL locks until the end of its transaction: a table's rows, or somebody's turn."""
    if _TURN in statement:
        return _TURN
    found = _CHANGED.match(statement)
    if found is None and statement.endswith(" UPDATE"):  # FOR UPDATE, FOR NO KEY UPDATE
        found = _LOCKED.search(statement)
    return found[1] if found else None


def turn_to_promise(of: str = "") -> int:
    """The number of the lock behind `wait_to_promise`."""
    return int.from_bytes(hashlib.sha256(f"promising:{of}".encode()).digest()[:8], signed=True)


class LockOrder:
    """Listens to an engine of PostgreSQL, and remembers what was locked after what in one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        """Begin to listen; SQLite's units of work follow one another, so there nothing is heard."""
        self.examples: dict[tuple[str, str], list[str]] = {}  # (first, later) → the statements that did so
        self._held: dict[int, list[tuple[str, str]]] = defaultdict(list)
        if engine.dialect.name != "postgresql":
            return
        sa.event.listen(engine, "before_cursor_execute", self._executes)
        for end in ("commit", "rollback"):
            sa.event.listen(engine, end, lambda connection: self._held.pop(id(connection), None))

    def _executes(self, connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        what, held = self._what(statement, values), self._held[id(connection)]
        if what is None or what in [each for each, _ in held]:
            return
        for before, _ in held:
            self.examples.setdefault((before, what), [*(how for _, how in held), statement])
        held.append((what, statement))

    def _what(self, statement: str, values: Any) -> str | None:
        what = locked_by(statement)
        if what != _TURN:
            return what if what in IN_ORDER else None
        given = list(values.values()) if isinstance(values, Mapping) else list(values)
        return TO_PROMISE if turn_to_promise() in given else None

    def contradictions(self) -> Iterator[str]:
        """What was locked against the order, with the statements that did so."""
        for (first, later), statements in sorted(self.examples.items()):
            if IN_ORDER.index(first) > IN_ORDER.index(later):
                told = "\n    ".join(" ".join(each.split())[:150] for each in statements)
                yield f"{first} before {later}:\n    {told}"
