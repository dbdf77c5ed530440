"""Statements of the hot path: put together once and sent on the session's own connection, past the object mapper.

Putting a statement together and sending it through the mapper takes ten times as long as the database needs for it.
What the session has not written yet is written before, as the mapper would. SQLite is spoken to in the driver's own
words, which saves as much again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.base import Base
from app.models.units import Unit

if TYPE_CHECKING:  # whose sessions are written with what stands here
    from app.models.engines import Database

Row: TypeAlias = tuple[Any, ...]
_Processor: TypeAlias = Callable[[Any], Any]
_Place: TypeAlias = tuple[
    str, _Processor | None, Any
]  # a name, what prepares the value, and it, if it is always the same


def table_of(model: type[Base]) -> sa.Table:
    """The table of a class of rows, for statements that know no objects."""
    return cast(sa.Table, model.__table__)


def ask(session: orm.Session, statement: sa.Executable, /, **values: object) -> list[Row]:
    """Send a statement; `values` are its parameters, and of an UPDATE without values the columns to be set, too.

    Objects that are loaded do not learn what it changes, see `note_written`.

    Returns:
        Its rows; none if it returns none.
    """
    session.flush()
    return send(session, statement, values)


def send(session: orm.Session, statement: sa.Executable, values: Mapping[str, object]) -> list[Row]:
    """The same, whatever the session has not written yet."""
    if isinstance(session, Unit):
        connection, driven = session.wire()
    else:
        connection = session.connection()
        driven = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        words = _in_words(statement, connection.dialect, values)
        if words is not None:
            return words.send(driven, connection.dialect, values)
    result = connection.execute(statement, values)
    return [tuple(row) for row in result] if result.returns_rows else []


def ask_all(session: orm.Session, statement: sa.Executable, /, **values: object) -> list[Any]:
    """The first value of every row."""
    return [row[0] for row in ask(session, statement, **values)]


def look(database: Database, statement: sa.Executable, /, **values: object) -> list[Row]:
    """What a single SELECT tells, with no transaction held around it; for whoever looks again and again."""
    if not database.is_sqlite:
        with database.reads() as session:
            return ask(session, statement, **values)
    words = _in_words(statement, database.single.dialect, values)
    if words is None:
        with database.single.connect() as connection:
            return [tuple(row) for row in connection.execute(statement, values)]
    pooled = database.single.raw_connection()
    try:
        return words.send(pooled.driver_connection, database.single.dialect, values)
    finally:
        pooled.close()


def look_all(database: Database, statement: sa.Executable, /, **values: object) -> list[Any]:
    """The first value of every row of such a SELECT."""
    return [row[0] for row in look(database, statement, **values)]


def ask_one(session: orm.Session, statement: sa.Executable, /, **values: object) -> Any:
    """The first value of the first row; None if there is no row."""
    rows = ask(session, statement, **values)
    return rows[0][0] if rows else None


def note_written(session: orm.Session, model: type[Base], row_id: int | str, /, **values: object) -> None:
    """Tell the object of a row, if it is loaded, what a statement has just written into it."""
    loaded = session.identity_map.get(orm.class_mapper(model).identity_key_from_primary_key((row_id,)))
    if loaded is not None:
        for name, value in values.items():
            orm.attributes.set_committed_value(loaded, name, value)


def write(row: Base, /, **values: object) -> None:
    """Change columns of a row whose object is at hand, at once, unless the session has to write the object anyway."""
    state = orm.attributes.instance_state(row)
    session = orm.object_session(row)
    if session is None or not state.persistent or state.modified:
        for name, value in values.items():
            setattr(row, name, value)
        return
    session.flush()
    send(session, _change(type(row)), {"of_row": state.identity[0] if state.identity else None, **values})
    for name, value in values.items():
        orm.attributes.set_committed_value(row, name, value)


@lru_cache(maxsize=64)
def _change(model: type[Base]) -> sa.Update:
    (column,) = table_of(model).primary_key.columns
    return sa.update(table_of(model)).where(column == sa.bindparam("of_row"))


class _Words(NamedTuple):
    """A statement as the driver is told it."""

    text: str
    places: list[_Place]  # by mark
    columns: list[tuple[int, _Processor]]  # what makes a value of which column of a row
    lists: Mapping[str, list[str]]  # by name of a list among the values the names of its parts

    def send(self, driven: Any, dialect: sa.Dialect, values: Mapping[str, object]) -> list[Row]:
        """The rows, on a connection of the driver's own.

        Raises:
            sqlalchemy.exc.DBAPIError: as SQLAlchemy itself would, of the kind that the driver's error is.
        """
        for name, parts in self.lists.items():
            values = {**values, **dict(zip(parts, cast("Sequence[object]", values[name]), strict=True))}
        given = [
            values.get(name, fixed) if prepare is None else prepare(values.get(name, fixed))
            for name, prepare, fixed in self.places
        ]
        try:
            rows = cast("list[Row]", driven.execute(self.text, given).fetchall())
        except dialect.loaded_dbapi.Error as error:
            base = dialect.loaded_dbapi.Error
            raise sa.exc.DBAPIError.instance(self.text, None, error, base, hide_parameters=True) from error
        if not self.columns:
            return rows
        return [self._made(row) for row in rows]

    def _made(self, row: Row) -> Row:
        values = list(row)
        for place, make in self.columns:
            if values[place] is not None:
                values[place] = make(values[place])
        return tuple(values)


def _in_words(statement: Any, dialect: sa.Dialect, values: Mapping[str, Any]) -> _Words | None:
    """The statement for these values in the words of one driver, see `_words`."""
    lists = [(name, len(values[name])) for name in _lists(statement, dialect) if name in values]
    return _words(statement, dialect, tuple(values), tuple(lists))


@lru_cache(maxsize=2_048)
def _lists(statement: Any, dialect: sa.Dialect) -> tuple[str, ...]:
    """The parameters that stand for lists, whose length decides over the words."""
    compiled = statement.compile(dialect=dialect)
    return tuple(sorted(compiled.bind_names[bind] for bind in compiled.post_compile_params))


@lru_cache(maxsize=2_048)
def _words(
    statement: Any, dialect: sa.Dialect, names: tuple[str, ...], lists: tuple[tuple[str, int], ...]
) -> _Words | None:
    """The statement in the words of one driver; None if SQLAlchemy adds values that it makes itself."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    if compiled.literal_execute_params or compiled.update_prefetch:
        return None
    lengths = {name: [None] * length for name, length in lists}
    if compiled.post_compile_params:
        written = compiled.construct_expanded_state(compiled.params | dict.fromkeys(names) | lengths)
        text, order, fixed, parts = (
            written.statement, written.positiontup, dict(written.parameters), written.parameter_expansion
        )  # fmt: skip
    else:
        text, order, fixed, parts = str(compiled), compiled.positiontup, dict(compiled.params), {}
    for column in compiled.insert_prefetch:
        if column.default is None or not column.default.is_scalar:
            return None
        fixed[column.key] = column.default.arg
    whole = {part: name for name, each in parts.items() for part in each}
    places = [
        (name, compiled.binds[whole.get(name, name)].type.dialect_impl(dialect).bind_processor(dialect), fixed[name])
        for name in order or ()
    ]
    if isinstance(statement, sa.SelectBase):
        types = [column.type for column in statement.selected_columns]
    else:
        types = [column["type"] for column in statement.returning_column_descriptions]
    makers = [each.dialect_impl(dialect).result_processor(dialect, None) for each in types]
    columns = [(place, cast(_Processor, make)) for place, make in enumerate(makers) if make is not None]
    given = {name: parts[name] for name, _ in lists}
    if dialect.name == "sqlite":
        text, places = _written_out(text, places, {*names, *(part for each in given.values() for part in each)})
    return _Words(text, places, columns, given)


def _written_out(text: str, places: list[_Place], changing: Set[str]) -> tuple[str, list[_Place]]:
    """The statement with every value in its text that is always the same.

    SQLite plans a statement anew, which takes longer than the answer, whenever a value is given to it that decides
    whether a partial index can be used.
    """
    pieces = text.split("?")
    if len(pieces) != len(places) + 1:  # a mark within a text
        return text, places
    written, left = [pieces[0]], []
    for place, piece in zip(places, pieces[1:], strict=True):
        name, prepare, fixed = place
        value = fixed if prepare is None or name in changing else prepare(fixed)
        if name in changing or not isinstance(value, str | int):
            left.append(place)
            written.append("?")
        else:
            written.append("'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(int(value)))
        written.append(piece)
    return "".join(written), left
