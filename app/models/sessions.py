"""The session of this house: what has changed is written by statements that are put together once.

A session keeps books for every possible graph of objects. Nearly always one new row or a few changed columns are to be
written, which takes a fifth of the time when it is done directly. Whatever else there is, relationships above all, is
left to SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.ready import send

_State = orm.InstanceState[Any]
_KEY: Final = "of_key_{}"  # of the parameters by which the row is found; no column is called so


class PlainSession(orm.Session):
    """A session that writes plain changes itself."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what has changed.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: if the database refuses it.
        """
        if objects is not None or self._flushing or self._is_clean() or not self._write_plainly():
            super().flush(objects)

    def _write_plainly(self) -> bool:
        """Write one new row or the changed ones; False, with nothing written, if there is more to it."""
        new, changed = list(self._new), list(self.identity_map._modified)
        # Rows are locked in the order of their tables and keys elsewhere: several at once are none of our business.
        if self._deleted or len(new) + len(changed) > 1:
            return False
        plain = _Plain.of(cast(Hashable, (new or changed)[0].class_))
        (state,) = new or changed
        values = plain.insertion(state) if new else plain.changes(state)
        if values is None:
            return False
        self.dispatch.before_flush(self, None, None)  # who looks at what is written, such as the audit trail
        if new:
            ((*key,),) = send(self, plain.insert, values)
            state.dict.update(zip(plain.primary, key, strict=True))
            for name in plain.columns:
                state.dict.setdefault(name, None)
        elif values:
            found = {_KEY.format(place): part for place, part in enumerate(state.key[1])}  # type: ignore[index]
            if not send(self, plain.update, values | found):
                raise orm.exc.StaleDataError(f"{plain.update.table.name} {state.key} is gone")  # type: ignore[attr-defined]
        self._register_persistent({state})
        return True


class _Plain(NamedTuple):
    """How the rows of one class are written."""

    columns: Mapping[str, sa.Column[Any]]  # by attribute
    relationships: frozenset[str]
    primary: tuple[str, ...]  # attributes
    defaults: Mapping[str, Any]
    insert: sa.Executable
    update: sa.Executable

    @staticmethod
    @lru_cache(maxsize=128)
    def of(model: Hashable) -> _Plain:
        """Of a class."""
        mapper = orm.class_mapper(cast("type[Any]", model))
        table = mapper.local_table
        assert isinstance(table, sa.Table)
        columns = {mapper.get_property_by_column(column).key: column for column in table.columns}
        is_row = [column == sa.bindparam(_KEY.format(place)) for place, column in enumerate(mapper.primary_key)]
        return _Plain(
            columns,
            frozenset(mapper.relationships.keys()),
            tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key),
            {name: column.default for name, column in columns.items() if column.default is not None},
            sa.insert(table).returning(*mapper.primary_key),
            sa.update(table).where(*is_row).returning(*mapper.primary_key),
        )

    def insertion(self, state: _State) -> dict[str, Any] | None:
        """All values of a new row, by column, which are then its object's, too; None if there is more to it."""
        given = state.dict
        if not self.relationships.isdisjoint(given):
            return None
        for name, default in self.defaults.items():
            if name not in given:
                if not (default.is_scalar or default.is_callable):
                    return None
                given[name] = default.arg if default.is_scalar else default.arg(None)
        values = {column.key: given[name] for name, column in self.columns.items() if name in given}
        return None if any(isinstance(value, sa.ClauseElement) for value in values.values()) else values

    def changes(self, state: _State) -> dict[str, Any] | None:
        """The changed columns of a row and their values; None if there is more to it."""
        given = state.dict
        values = {}
        for name in sorted(state.committed_state):
            column, old = self.columns.get(name), state.committed_state[name]
            if column is None or column.primary_key or name not in given:
                return None
            value = given[name]
            if isinstance(value, sa.ClauseElement):
                return None
            if value is not old and not column.type.compare_values(value, old):
                values[column.key] = value
        return values
