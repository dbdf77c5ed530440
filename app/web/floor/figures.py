"""Figures of the calls that a filter means, each with its definition, a table, a file, and the way into the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from babel.dates import format_datetime
from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from app.analytics.all_figures import all_figures
from app.analytics.call_log import LogFilter, count_calls
from app.analytics.figures import Bar, Compared, Figure, before_of
from app.analytics.promise_figures import PERCENTILES
from app.domain.errors import Invalid, NotFound
from app.domain.periods import NAMED
from app.domain.role import Permission
from app.models.staff import Staff, has_a_telephone
from app.services.write_rows import write_text
from app.web.access import needs
from app.web.floor.log_filter import Typed, read_filter, typed_words
from app.web.show import office_zone
from app.web.terms import term
from app.web.webhooks.gate import runtime
from app.web.words import desk_locale, say

_TERMS: Final = {
    "outcomes": "call outcome", "service_level": "wait", "promises": "promise", "causes": "cause", "kinds": "kind",
    "repetitions": "repetition", "languages": "language", "satisfaction": "satisfaction",
    "lateness": "promise", "rings": "rings",
}  # fmt: skip
_COLUMNS: Final = ("what", "calls", "before", "of", "from", "until", "before_from", "before_until", "zone")
_MINUTES: Final = tuple(f"{when}p{each}_minutes" for when in ("", "before_") for each in PERCENTILES)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the page shows it."""

    figure: Figure
    most: int  # the longest bar, at least 1
    total: int

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last minute of its percentiles, with the deadline between them."""
        told = [each for bar in self.figure.bars for each in (*bar.minutes, *bar.minutes_before) if each is not None]
        return min([0, *told]), max([1, *told])

    def place(self, minutes: int) -> float:
        """Where a minute stands, in hundredths of the span."""
        first, last = self.span
        return round(100 * (minutes - first) / (last - first), 2)

    def length(self, number: int) -> float:
        """The length of a bar, in hundredths of the longest one's."""
        return round(100 * number / self.most, 2)


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/figures", view_func=figures)
    bp.add_url_rule("/figures/<name>.csv", view_func=table)


@needs(Permission.CALL_LOG)
def figures() -> str | tuple[str, int]:
    rt, zone, now = runtime(), office_zone(), runtime().clock.now()
    typed = Typed(typed_words(request.args), LogFilter())
    compared, problem, total = Compared(typed.filter, None), None, 0
    found: list[Figure] = []
    with rt.database.reads() as session:
        try:
            typed, compared, found = _found(session, zone, now)
            total = count_calls(session, typed.filter, now=now)
        except Invalid as invalid:
            problem = say("{field}: {problem}", field=invalid.field, problem=invalid.problem)
        people = session.scalars(sa.select(Staff).where(has_a_telephone()).order_by(Staff.name)).all()
    shown = [
        Shown(each, max([1, *(max(bar.calls, bar.before or 0) for bar in each.bars)]), sum(b.calls for b in each.bars))
        for each in found
    ]
    answer = render_template(
        "floor/figures.html",
        shown=shown,
        typed=typed.words,
        address=typed.address,
        label=_label(zone, typed.filter, now),
        compared=compared,
        total=total,
        people=people,
        problem=problem,
        ranges=list(NAMED),
        hotlines=list(rt.hotlines),
        now=now,
        zone=zone,
    )
    return (answer, 422) if problem else answer


@needs(Permission.CALL_LOG)
def table(name: str) -> Response:
    """One figure as CSV: the same numbers as on the page and in the log."""
    rt, zone, now = runtime(), office_zone(), runtime().clock.now()
    with rt.database.reads() as session:
        typed, compared, found = _found(session, zone, now)
    figure = next((each for each in found if each.name == name), None)
    if figure is None:
        raise NotFound("figure")
    label = _label(zone, typed.filter, now)
    before = compared.before

    def row(bar: Bar) -> Mapping[str, Any]:
        times = (
            compared.now.since, compared.now.until, before.since if before else None, before.until if before else None
        )  # fmt: skip
        values = (
            label(figure, bar), bar.calls, bar.before, bar.of,
            *(at.astimezone(zone).isoformat() if at else None for at in times), zone.key,
        )  # fmt: skip
        minutes = (*bar.minutes, *(bar.minutes_before or [None] * len(bar.minutes)))
        return dict(zip(columns, (*values, *minutes), strict=True))

    columns = (*_COLUMNS, *_MINUTES) if figure.name == "lateness" else _COLUMNS
    rows = [row(bar) for bar in figure.bars]  # their words are those of whoever asks
    answer = Response(write_text("csv", columns, rows), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{figure.name}.csv"'
    return answer


def _found(session: Any, zone: ZoneInfo, now: datetime) -> tuple[Typed, Compared, list[Figure]]:
    """What the address asks for; without a time the last 30 days."""
    args = request.args
    if not {"range", "since", "until"} & set(typed_words(args)):
        args = MultiDict([*args.items(multi=True), ("range", "30_days")])
    typed = read_filter(runtime(), args, zone)
    compared = before_of(typed.filter, typed.period, zone, now=now)
    return typed, compared, all_figures(session, compared, zone, now=now)


def _label(zone: ZoneInfo, wanted: LogFilter, now: datetime) -> Any:
    """What a bar is called."""
    length = (wanted.until or now) - wanted.since if wanted.since else timedelta(days=400)

    def label(figure: Figure, bar: Bar) -> str:
        if figure.name == "volumes":
            return _time(bar.key.astimezone(zone), length)
        if figure.name == "abandonment":
            return str(bar.key)
        key = {True: "yes", False: "no"}.get(bar.key, bar.key) if figure.name == "repetitions" else bar.key
        return term(_TERMS[figure.name], str(key))

    return label


def _time(local: datetime, length: timedelta) -> str:
    if length <= timedelta(days=2):
        return f"{format_datetime(local, 'EEE H:mm', locale=desk_locale())} {local:%Z}"
    pattern = "EEE d MMM" if length <= timedelta(days=62) else "MMM y"
    return str(format_datetime(local, pattern, locale=desk_locale()))
