"""The people of the office: hired by a one-time link, changed, disabled, let off a lost authenticator."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.authority import limit_of
from app.domain.competence import CASE_KINDS
from app.domain.errors import Conflict, Invalid, NotFound, RueckrufError
from app.domain.money import read_cents, written_cents
from app.domain.role import Permission, Role
from app.models.second_factor import SecondFactor
from app.models.staff import LoginSession, Staff
from app.services.add_staff import add_staff, disable_staff
from app.services.change_staff import Described, change_staff, check_not_last, employ_again
from app.services.logins import end_logins, good_logins
from app.services.passwords import new_link
from app.services.second_factor import remove_factor
from app.web.access import needs
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/staff", view_func=people)
    bp.add_url_rule("/staff/new", view_func=hire, methods=["GET", "POST"])
    bp.add_url_rule("/staff/<int:staff_id>", view_func=person, methods=["GET", "POST"])
    for view in (link, disable, employ, reset_factor, end_all):
        bp.add_url_rule(f"/staff/<int:staff_id>/{view.__name__.replace('_', '-')}", view_func=view, methods=["POST"])


@needs(Permission.ADMINISTER)
def people() -> str:
    rt = runtime()
    with rt.database.reads() as session:
        everybody = session.scalars(sa.select(Staff).order_by(Staff.disabled_at.is_not(None), Staff.name)).all()
        latest = sa.func.max(LoginSession.seen_at).label("at")
        logins = session.execute(sa.select(LoginSession.staff_id, latest).group_by(LoginSession.staff_id))
        seen: dict[int, datetime] = {row.staff_id: row.at for row in logins}
        secured = set(session.scalars(sa.select(SecondFactor.staff_id).where(SecondFactor.confirmed_at.is_not(None))))
    return render_template(
        "admin/staff.html",
        everybody=everybody,
        seen=seen,
        secured=secured,
        obliged=rt.obliged,
        limits={each.id: written_cents(limit_of(each.role, each.authority_cents)) for each in everybody},
        zone=office_zone(),
    )


@needs(Permission.ADMINISTER)
def hire() -> str | tuple[str, int]:
    if request.method == "GET":
        return _form(None, {"languages": ["de"], "role": "agent", "skills": []})
    rt = runtime()
    try:
        told = _described()
        with rt.database.sessions.begin() as session:
            hired, token = add_staff(
                session,
                email=told.email,
                name=told.name,
                role=told.role,
                phone=told.phone or None,
                languages=told.languages,
                skills=told.skills,
                country=_country(),
                available=False,
                now=rt.clock.now(),
                wall_now=rt.wall.now(),
            )
            hired.authority_cents = told.authority_cents
    except (Invalid, Conflict) as problem:
        return _form(None, _typed(), problem), _status(problem)
    return _link(hired, token)


@needs(Permission.ADMINISTER)
def person(staff_id: int) -> Response | str | tuple[str, int]:
    rt = runtime()
    if request.method == "GET":
        with rt.database.reads() as session:
            return _form(_one(session, staff_id), None)
    try:
        with rt.database.sessions.begin() as session:
            change_staff(session, _one(session, staff_id), _described(), country=_country(), wall_now=rt.wall.now())
    except (Invalid, Conflict) as problem:
        with rt.database.reads() as session:
            return _form(_one(session, staff_id), _typed(), problem), _status(problem)
    return redirect(url_for("admin.person", staff_id=staff_id, saved="yes"), 303)


@needs(Permission.ADMINISTER)
def link(staff_id: int) -> str:
    """A new one-time link; an earlier one no longer works."""
    rt = runtime()
    with rt.database.sessions.begin() as session:
        somebody = _one(session, staff_id)
        if somebody.disabled_at is not None:
            raise Conflict("this person is disabled; let them in again first")
        token = new_link(somebody, wall_now=rt.wall.now())
    return _link(somebody, token)


@needs(Permission.ADMINISTER)
def disable(staff_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        somebody = _one(session, staff_id)
        check_not_last(session, somebody)
        disable_staff(session, somebody.email, wall_now=rt.wall.now())
    return redirect(url_for("admin.person", staff_id=staff_id), 303)


@needs(Permission.ADMINISTER)
def employ(staff_id: int) -> str:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        somebody = _one(session, staff_id)
        if somebody.disabled_at is None:
            raise Conflict("this person is not disabled")
        token = employ_again(somebody, wall_now=rt.wall.now())
    return _link(somebody, token)


@needs(Permission.ADMINISTER)
def reset_factor(staff_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        remove_factor(session, _one(session, staff_id), wall_now=rt.wall.now())
    return redirect(url_for("admin.person", staff_id=staff_id), 303)


@needs(Permission.ADMINISTER)
def end_all(staff_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        end_logins(session, _one(session, staff_id).id, wall_now=rt.wall.now())
    return redirect(url_for("admin.person", staff_id=staff_id), 303)


def _one(session: orm.Session, staff_id: int) -> Staff:
    found = session.get(Staff, staff_id)
    if found is None:
        raise NotFound("person")
    return found


def _country() -> str:
    return next(iter(runtime().hotlines)).country


def _described() -> Described:
    role = request.form.get("role", "")
    if role not in set(Role):
        raise Invalid("role", "is missing; choose one")
    return Described(
        name=request.form.get("name", "")[:200],
        email=request.form.get("email", "")[:254],
        role=Role(role),
        phone=request.form.get("phone", "")[:40].strip(),
        languages=[code for code in _languages() if code in request.form.getlist("languages")],
        skills=request.form.getlist("skills"),
        authority_cents=read_cents("authority", request.form.get("authority", "")),
    )


def _languages() -> list[str]:
    """Every language of a hotline, the first hotline's own first."""
    return list(dict.fromkeys(code for hotline in runtime().hotlines for code in hotline.languages))


def _typed() -> dict[str, Any]:
    typed: dict[str, Any] = {
        name: request.form.get(name, "") for name in ("email", "name", "role", "phone", "authority")
    }
    return {**typed, "languages": request.form.getlist("languages"), "skills": request.form.getlist("skills")}


def _form(somebody: Staff | None, typed: dict[str, Any] | None, problem: Invalid | Conflict | None = None) -> str:
    rt = runtime()
    has_factor, logins = False, 0
    if somebody is not None:
        with rt.database.reads() as session:
            factor = session.get(SecondFactor, somebody.id)
            has_factor = factor is not None and factor.confirmed_at is not None
            logins = len(good_logins(session, somebody.id, wall_now=rt.wall.now()))
    if typed is None and somebody is not None:
        typed = {
            "email": somebody.email,
            "name": somebody.name,
            "role": somebody.role,
            "phone": somebody.phone or "",
            "authority": written_cents(somebody.authority_cents),
            "languages": somebody.languages,
            "skills": somebody.skills,
        }
    return render_template(
        "admin/person.html",
        person=somebody,
        typed=typed,
        field=getattr(problem, "field", None),
        problem=_said(problem) if problem else None,
        roles=[role.value for role in Role],
        kinds=CASE_KINDS,
        languages=_languages(),
        has_factor=has_factor,
        logins=logins,
        zone=office_zone(),
        saved=request.args.get("saved"),
    )


def _said(problem: Invalid | Conflict) -> str:
    return say(problem.problem) if isinstance(problem, Invalid) else say(str(problem))


def _status(problem: RueckrufError) -> int:
    return 422 if isinstance(problem, Invalid) else 409


def _link(somebody: Staff, token: str) -> str:
    address = runtime().settings.public_url + url_for("desk.welcome", token=token)
    return render_template("admin/link.html", person=somebody, address=address)
