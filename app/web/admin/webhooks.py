"""Other systems that are told of events: where and of what, and what could not be delivered."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.charge import OrderStatus
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.role import Permission
from app.domain.told_event import EVENTS
from app.models.subscriber import Delivery, Subscriber, place_of
from app.services.subscribe import change, deliver_again, rotate, send_test, subscribe, switch
from app.web.access import needs
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say

_SHOWN = 100
_BIGGEST_ID = 2**31


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    one = "/webhooks/<int:subscriber_id>"
    bp.add_url_rule("/webhooks", view_func=webhooks, methods=["GET", "POST"])
    bp.add_url_rule(one, view_func=webhook, methods=["GET", "POST"])
    bp.add_url_rule(f"{one}/rotate", view_func=new_secret, methods=["POST"])
    bp.add_url_rule(f"{one}/switch", view_func=turn, methods=["POST"])
    bp.add_url_rule(f"{one}/test", view_func=test, methods=["POST"])
    bp.add_url_rule(f"{one}/again", view_func=again, methods=["POST"])


@needs(Permission.ADMINISTER)
def webhooks() -> str | tuple[str, int]:
    if request.method == "GET":
        return _list()
    rt = runtime()
    try:
        with rt.database.sessions.begin() as session:
            secret = subscribe(
                session,
                rt.vault,
                name=request.form.get("name", ""),
                may_be_private=rt.may_tell_neighbours,
                wall_now=rt.wall.now(),
                **_entered(),
            )
    except Invalid as invalid:
        return _list(field=invalid.field, problem=say(invalid.problem)), 422
    except Conflict as conflict:
        return _list(field="name", problem=say(str(conflict))), 409
    return _list(secret=secret)


@needs(Permission.ADMINISTER)
def webhook(subscriber_id: int) -> str | Response | tuple[str, int]:
    rt = runtime()
    if request.method == "GET":
        return _page(subscriber_id)
    try:
        with rt.database.sessions.begin() as session:
            found = _found(session, subscriber_id)
            change(rt.vault, found, may_be_private=rt.may_tell_neighbours, **_entered())
    except Invalid as invalid:
        return _page(subscriber_id, field=invalid.field, problem=say(invalid.problem)), 422
    return _back(subscriber_id)


@needs(Permission.ADMINISTER)
def new_secret(subscriber_id: int) -> str:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        secret = rotate(rt.vault, _found(session, subscriber_id), wall_now=rt.wall.now())
    return _page(subscriber_id, secret=secret)


@needs(Permission.ADMINISTER)
def turn(subscriber_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        switch(_found(session, subscriber_id), on=request.form.get("on") == "yes", wall_now=rt.wall.now())
    return _back(subscriber_id)


@needs(Permission.ADMINISTER)
def test(subscriber_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        send_test(session, _found(session, subscriber_id), now=rt.clock.now())
    return _back(subscriber_id)


@needs(Permission.ADMINISTER)
def again(subscriber_id: int) -> Response:
    rt = runtime()
    typed = request.form.get("delivery", "")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
    if typed and number is None:
        raise NotFound("delivery")
    with rt.database.sessions.begin() as session:
        deliver_again(session, _found(session, subscriber_id), number, now=rt.clock.now())
    return _back(subscriber_id)


def _found(session: orm.Session, subscriber_id: int) -> Subscriber:
    found = session.get(Subscriber, subscriber_id) if subscriber_id < _BIGGEST_ID else None
    if found is None:
        raise NotFound("webhook")
    return found


def _entered() -> dict[str, Any]:
    return {
        "url": request.form.get("url", ""),
        "events": request.form.getlist("events"),
        "with_phone": request.form.get("with_phone") == "yes",
    }


def _back(subscriber_id: int) -> Response:
    return redirect(url_for("admin.webhook", subscriber_id=subscriber_id), 303)


def _list(*, secret: str | None = None, field: str | None = None, problem: str | None = None) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        known = session.scalars(sa.select(Subscriber).order_by(Subscriber.name)).all()
        urls = {each.id: rt.vault.open(each.url, place_of(each, "url")) for each in known}
        counts = sa.select(Delivery.subscriber_id, Delivery.status, sa.func.count()).group_by(
            Delivery.subscriber_id, Delivery.status
        )
        numbers = {(of, status): number for of, status, number in session.execute(counts)}
    is_again = request.method == "POST" and secret is None
    return render_template(
        "admin/webhooks.html",
        known=known,
        urls=urls,
        numbers=numbers,
        secret=secret,
        field=field,
        problem=problem,
        events=EVENTS,
        typed=request.form if is_again else {},
        chosen=request.form.getlist("events") if is_again else EVENTS,
        zone=office_zone(),
    )


def _page(
    subscriber_id: int, *, secret: str | None = None, field: str | None = None, problem: str | None = None
) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        found = _found(session, subscriber_id)
        dead_first = sa.case((Delivery.status == OrderStatus.DEAD.value, 0), else_=1)
        rows = session.scalars(
            sa.select(Delivery)
            .where(Delivery.subscriber_id == found.id)
            .options(orm.joinedload(Delivery.case))
            .order_by(dead_first, Delivery.id.desc())
            .limit(_SHOWN)
        ).all()
        is_again = problem is not None
        return render_template(
            "admin/webhook.html",
            webhook=found,
            rows=rows,
            secret=secret,
            field=field,
            problem=problem,
            events=EVENTS,
            url=request.form.get("url", "") if is_again else rt.vault.open(found.url, place_of(found, "url")),
            chosen=request.form.getlist("events") if is_again else found.wants,
            zone=office_zone(),
        )
