"""Statements of the hot path: put together once and sent on the session's own connection, past the object mapper.

Putting a statement together and sending it through the mapper takes ten times as long as the database needs for it.
What the session has not written yet is written before, as the mapper would. SQLite is spoken to in the driver's own
words, which saves as much again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.base import Base

if TYPE_CHECKING:  # whose sessions are written with what stands here
    from app.models.engines import Database

Row: TypeAlias = tuple[Any, ...]
_Processor: TypeAlias = Callable[[Any], Any]


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
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        words = _words(statement, connection.dialect, tuple(values))
        if words is not None:
            return words.send(connection.connection, connection.dialect, values)
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
    words = _words(statement, database.single.dialect, tuple(values))
    if words is None:
        with database.single.connect() as connection:
            return [tuple(row) for row in connection.execute(statement, values)]
    driven = database.single.raw_connection()
    try:
        return words.send(driven, database.single.dialect, values)
    finally:
        driven.close()


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


class _Words(NamedTuple):
    """A statement as the driver is told it."""

    text: str
    places: list[tuple[str, _Processor | None, object]]  # by mark: name, what prepares the value, and it, if fixed
    columns: list[_Processor | None] | None  # what makes a value of each column of a row; None: nothing needs it

    def send(
        self, connection: sa.PoolProxiedConnection, dialect: sa.Dialect, values: Mapping[str, object]
    ) -> list[Row]:
        """The rows.

        Raises:
            sqlalchemy.exc.DBAPIError: as SQLAlchemy itself would, of the kind that the driver's error is.
        """
        given = [
            values.get(name, fixed) if prepare is None else prepare(values.get(name, fixed))
            for name, prepare, fixed in self.places
        ]
        try:
            cursor = connection.cursor()
            cursor.execute(self.text, given)
            rows = cast("list[Row]", cursor.fetchall())
            cursor.close()
        except dialect.loaded_dbapi.Error as error:
            base = dialect.loaded_dbapi.Error
            raise sa.exc.DBAPIError.instance(self.text, None, error, base, hide_parameters=True) from error
        if self.columns is None:
            return rows
        return [
            tuple(value if make is None else make(value) for value, make in zip(row, self.columns, strict=True))
            for row in rows
        ]


@lru_cache(maxsize=2_048)
def _words(statement: Any, dialect: sa.Dialect, names: tuple[str, ...]) -> _Words | None:
    """The statement in the words of one driver; None if they hang on its values, or SQLAlchemy adds some itself."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    if compiled.post_compile_params or compiled.literal_execute_params or compiled.update_prefetch:
        return None
    fixed = dict(compiled.params)
    for column in compiled.insert_prefetch:
        if column.default is None or not column.default.is_scalar:
            return None
        fixed[column.key] = column.default.arg
    places = [
        (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect), fixed[name])
        for name in compiled.positiontup or ()
    ]
    if isinstance(statement, sa.SelectBase):
        types = [column.type for column in statement.selected_columns]
    else:
        types = [column["type"] for column in statement.returning_column_descriptions]
    makers = [cast("_Processor | None", each.dialect_impl(dialect).result_processor(dialect, None)) for each in types]
    return _Words(str(compiled), places, makers if any(makers) else None)
