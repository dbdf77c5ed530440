"""What the operator changes by a command stands in the audit trail as well, in the same transaction (decision 0021)."""

from __future__ import annotations

import contextlib
import os
import pwd
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import click
import sqlalchemy as sa
from sqlalchemy import orm

from app.models.audit import audit
from app.models.row_changes import changes_of, counted
from app.runtime import Runtime

_MOST: Final = 200  # changes of rows that one entry tells of; an import has thousands
_CHANGES, _WRITES = "command_changes", "command_writes"


@contextlib.contextmanager
def on_record(office: Runtime) -> Iterator[None]:
    """Put down every transaction of the running command that writes something: who, which command, what changed."""
    name = _command()

    def collect(session: orm.Session, _context: Any, _instances: Any) -> None:
        kept = session.info.setdefault(_CHANGES, [])
        changes = changes_of(session)
        kept.extend(islice(changes, _MOST - len(kept)))
        session.info[_WRITES] = session.info.get(_WRITES, 0) + len(session.new) + len(session.dirty)

    def note_statement(state: orm.ORMExecuteState) -> None:
        if not state.is_select:
            state.session.info[_WRITES] = state.session.info.get(_WRITES, 0) + 1

    def note_deed(session: orm.Session) -> None:
        session.flush()
        writes, changes = session.info.pop(_WRITES, 0), session.info.pop(_CHANGES, [])
        if not writes:
            return
        told = counted([{key: value for key, value in each.items() if key != "staff_id"} for each in changes])
        details = {"by": _operator(), "changes": told, **({"rows": writes} if writes > len(changes) else {})}
        audit(
            session,
            office.vault,
            at=office.wall.now(),
            staff_id=None,
            action=f"cli.{name.replace(' ', '.')}",
            subject=f"scripts/hotline {name}",
            details=details,
        )
        session.flush()
        session.info.pop(_WRITES, None)
        session.info.pop(_CHANGES, None)

    listeners = (("before_flush", collect), ("do_orm_execute", note_statement), ("before_commit", note_deed))
    for event, listener in listeners:
        sa.event.listen(orm.Session, event, listener)
    try:
        yield
    finally:
        for event, listener in listeners:
            sa.event.remove(orm.Session, event, listener)


def _command() -> str:
    """The command without the program's name and what was typed behind it: "staff add"."""
    context = click.get_current_context(silent=True)
    words: list[str] = []
    while context is not None and context.parent is not None:
        words.insert(0, context.info_name or "")
        context = context.parent
    if context is not None and not words:  # a group that was called as if it were the program
        words.append(context.info_name or "")
    return " ".join(words)


def _operator() -> str:
    """Who the operating system says it is."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container without names
        return str(number)
