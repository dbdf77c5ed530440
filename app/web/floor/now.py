"""The live floor: calls, queue, agents, and promises in danger with who can save them."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.analytics.call_log import LogFilter
from app.analytics.figures import Compared, service_level
from app.analytics.live_floor import live_floor
from app.domain.periods import NAMED
from app.domain.role import Permission
from app.web.access import needs
from app.web.floor.promises import dangers_now
from app.web.show import office_zone
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the page."""
    bp.add_url_rule("/", view_func=now)


@needs(Permission.ASSIGN)
def now() -> str:
    rt, at, zone = runtime(), runtime().clock.now(), office_zone()
    since, until = NAMED["today"](at.astimezone(zone).date()).instants(zone)
    with rt.database.reads() as session:
        floor = live_floor(session, rt.vault, now=at, wall_now=rt.wall.now())
        dangers = dangers_now(session)
        level = service_level(session, Compared(LogFilter(since, until), None), now=at)
    return render_template(
        "floor/now.html",
        floor=floor,
        dangers=dangers,
        level=level,
        free=sum(each.does == "free" for each in floor.agents),
        hotlines={hotline.name: hotline for hotline in rt.hotlines},
        now=at,
        zone=zone,
    )
