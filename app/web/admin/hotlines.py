"""The hotlines as they are today: from their file, with the hours that were changed by page (docs/decisions/0027)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from babel.dates import get_day_names
from flask import Blueprint, render_template

from app.domain.business_hours import on_day
from app.domain.closed_days import SpecialDay, special_day
from app.domain.errors import BadFile
from app.domain.hotline import Hotline, Hours
from app.domain.role import Permission
from app.domain.yaml_source import Node, read_yaml
from app.proving.profile import profile_of
from app.proving.rule import Verdict
from app.proving.rules import humans_daily
from app.web.access import needs
from app.web.webhooks.gate import runtime
from app.web.words import desk_language, desk_locale

_AHEAD: Final = 92  # days
_PARTS: Final = ("company", "flow", "opening", "urgent_hours", "holidays", "closed_on", "staffing", "callback", "queue")


@dataclass(frozen=True, slots=True)
class Shown:
    """One hotline, and where it stands in the file."""

    hotline: Hotline  # as every week is today
    is_changed: bool  # whether hours of today or later were changed by page
    hours_rule: Verdict  # whether humans are there for as long as the law asks for
    lines: Mapping[str, int]  # of its parts, and of its name under ""
    weeks: list[tuple[str, Hours]]
    urgent: list[tuple[str, Hours]]  # besides, for urgent matters only; none: at no other hours
    special: list[SpecialDay]


def add_views(bp: Blueprint) -> None:
    """Add the page."""
    bp.add_url_rule("/hotlines", view_func=hotlines)


@needs(Permission.ADMINISTER)
def hotlines() -> str:
    rt = runtime()
    path = rt.settings.hotline_config
    try:
        root: Node | None = read_yaml(path, f"{path.parent.name}/{path.name}")
    except (BadFile, OSError):  # it is being edited; what runs was read at the start
        root = None
    today = rt.clock.now()
    shown = [
        Shown(
            on_day(each, local),
            bool(each.weeks) or any(day >= local for day in each.days),
            humans_daily.verdict_of(each, profile_of(each.jurisdiction), on=local),
            dict(_lines(root, each.name)) if root is not None else {},
            list(weekly(on_day(each, local).opening)),
            _urgent(on_day(each, local)),
            _special(each, local),
        )
        for each in rt.hotlines
        for local in (today.astimezone(each.zone).date(),)
    ]
    return render_template(
        "admin/hotlines.html",
        shown=shown,
        file=f"{path.parent.name}/{path.name}",
        version=rt.board.present.flows.version,
    )


def weekly(opening: Mapping[int, Hours]) -> Iterator[tuple[str, Hours]]:
    """Runs of days with the same hours, each by its name: "Mon–Fri"."""
    names = get_day_names("abbreviated", locale=desk_locale())
    first = 0
    for day in range(1, 8):
        if day == 7 or opening.get(day, ()) != opening.get(first, ()):
            name = names[first] if first == day - 1 else f"{names[first]}–{names[day - 1]}"
            yield str(name), opening.get(first, ())
            first = day


def _urgent(hotline: Hotline) -> list[tuple[str, Hours]]:
    return list(weekly(hotline.urgent_hours)) if hotline.urgent_hours else []


def _special(hotline: Hotline, today: date) -> list[SpecialDay]:
    language = desk_language()
    days = (special_day(hotline, today + timedelta(days=number), language) for number in range(_AHEAD))
    return [each for each in days if each is not None]


def _lines(root: Node, name: str) -> Iterator[tuple[str, int]]:
    if isinstance(root.content, Mapping) and name in root.content:
        yield "", root.keys[name][0]
        parts = root.content[name]
        yield from ((part, parts.keys[part][0]) for part in _PARTS if part in parts.keys)
