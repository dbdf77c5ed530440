"""Cases: the list of them, and one read like a letter."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics import listings
from app.analytics.call_story import CallStory, call_story
from app.analytics.case_file import CaseFile, case_files
from app.analytics.charges import charge_row
from app.analytics.promise_queue import promise_queue
from app.analytics.recalls_of_case import recalls_of_case
from app.domain.complaint import fact_of
from app.domain.errors import Invalid, NotFound
from app.domain.points import points_of
from app.domain.protocol import read_protocol
from app.domain.role import Permission
from app.models.call import Call, Wait, asked_not_to_be_called
from app.models.case import Case
from app.models.deed import Deed
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.services.add_note import add_note, finish_step
from app.services.change_many import HAND_OVER, Change, can_undo, hand_over_one
from app.services.correct_record import CHOICES, FIELDS, Changed, as_text, correct_record, list_point
from app.services.refuse_calls import refuse_calls
from app.services.save_draft import read_draft
from app.web.access import needs
from app.web.asked import wanted, write_cursor
from app.web.auth import own_path, staff
from app.web.desk.knowledge import topics_beside
from app.web.desk.played import played
from app.web.desk.queue import listed
from app.web.desk.sentences import heard_sentence, point_in_words, sentence, told
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say

FILTERS = ("phone", "kind", "status", "language", "hotline", "cursor")


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/cases", view_func=cases)
    bp.add_url_rule("/cases/<protocol>", view_func=case)
    bp.add_url_rule("/cases/<protocol>/notes", view_func=notes, methods=["POST"])
    bp.add_url_rule("/cases/<protocol>/facts", view_func=correct, methods=["POST"])
    bp.add_url_rule("/cases/<protocol>/points", view_func=list_one, methods=["POST"])
    bp.add_url_rule("/cases/<protocol>/hand-over", view_func=pass_on, methods=["POST"])
    bp.add_url_rule("/cases/<protocol>/do-not-call", view_func=do_not_call, methods=["POST"])
    bp.add_url_rule("/cases/<protocol>/steps", view_func=steps, methods=["POST"])


@needs(Permission.WORK)
def cases() -> str | Response:
    rt = runtime()
    typed = request.args.get("q", "").strip()
    protocol = read_protocol(typed)
    args = MultiDict((name, value) for name, value in request.args.items() if value.strip() and name in FILTERS)
    if typed and protocol is None:
        args["phone"] = typed
    problem = None
    with rt.database.reads() as session:
        if protocol is not None and session.scalar(sa.select(Case.id).where(Case.protocol == protocol)) is not None:
            return redirect(url_for("desk.case", protocol=protocol), 303)
        try:
            page = listings.cases(session, wanted(rt, args, FILTERS))
        except Invalid:
            problem, page = say("This is neither a protocol number nor a telephone number."), listings.Page((), None)
        files = case_files(session, rt.vault, rt.board.turns, page.rows, now=rt.clock.now())
    shown = {name: value for name, value in request.args.items() if name != "cursor" and value}
    onward = url_for("desk.cases", **shown, cursor=write_cursor(page.next)) if page.next else None  # type: ignore[arg-type]
    return render_template(
        "desk/cases.html",
        files=files,
        onward=onward,
        problem=problem,
        typed=typed,
        zone=office_zone(),
        query=request.query_string.decode(),
    )


@needs(Permission.WORK)
def case(protocol: str) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        file = _file(session, protocol)
        return render_template("desk/case.html", **listed(session), **matter(session, file))


@needs(Permission.WORK)
def notes(protocol: str) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        add_note(session, rt.vault, find_case(session, protocol), staff(), _typed("note"), now=rt.clock.now())
    return redirect(url_for("desk.case", protocol=protocol) + "#history", 303)


@needs(Permission.WORK)
def correct(protocol: str) -> Response | tuple[str, int]:
    rt = runtime()
    field, text = _typed("field"), _typed("text")
    try:
        with rt.database.sessions.begin() as session:
            case = find_case(session, protocol)
            correct_record(session, rt.vault, case, staff(), field, text, seen=_typed("seen"), now=rt.clock.now())
    except Changed as changed:
        return render_template("desk/changed.html", protocol=protocol, changed=changed, now=rt.clock.now()), 409
    return redirect(own_path(request.form.get("next")) or url_for("desk.case", protocol=protocol) + "#record", 303)


@needs(Permission.WORK)
def list_one(protocol: str) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        list_point(session, rt.vault, find_case(session, protocol), staff(), _typed("point"), now=rt.clock.now())
    return redirect(own_path(request.form.get("next")) or url_for("desk.case", protocol=protocol) + "#points", 303)


@needs(Permission.WORK)
def pass_on(protocol: str) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        change = Change(HAND_OVER, _typed("reason"), person_named(session, _typed("to")))
        found, at = find_case(session, protocol), rt.clock.now()
        key = hand_over_one(session, rt.vault, found, change, staff(), now=at, wall_now=rt.wall.now())
    return redirect(url_for("desk.case", protocol=protocol, undo=key) + "#history", 303)


@needs(Permission.WORK)
def do_not_call(protocol: str) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        found = find_case(session, protocol)
        refuse_calls(
            session,
            rt.vault,
            rt.board.present.words,
            found,
            rt.board.hotline_named(found.hotline),
            staff(),
            refused=_typed("refused") == "yes",
            now=rt.clock.now(),
        )
    return redirect(url_for("desk.case", protocol=protocol) + "#history", 303)


@needs(Permission.WORK)
def steps(protocol: str) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        found = find_case(session, protocol)
        file = case_files(session, rt.vault, rt.board.turns, [found], now=rt.clock.now())[0]
        step = _typed("step")
        if step not in open_steps(file):
            raise Invalid("step", "is not to do here, or done already")
        finish_step(session, rt.vault, found, staff(), step, now=rt.clock.now())
    return redirect(url_for("desk.case", protocol=protocol), 303)


def find_case(session: orm.Session, protocol: str) -> Case:
    """The case with this number.

    Raises:
        NotFound: if there is none.
    """
    found = session.scalar(sa.select(Case).where(Case.protocol == (read_protocol(protocol) or "")))
    if found is None:
        raise NotFound("case")
    return found


def open_steps(file: CaseFile) -> list[str]:
    """What was to be done after a conversation and is not done yet, oldest first."""
    steps: list[str] = []
    for entry in file.history:
        if entry.kind == "outcome" and entry.details.get("next_step") and entry.details["next_step"] not in steps:
            steps.append(entry.details["next_step"])
        elif entry.kind == "step_done" and entry.details.get("step") in steps:
            steps.remove(entry.details["step"])
    return steps


def matter(session: orm.Session, file: CaseFile) -> dict[str, Any]:
    """What the page of one case shows."""
    rt = runtime()
    now = rt.clock.now()
    hotline = rt.board.hotline_named(file.case.hotline)
    people = session.scalars(sa.select(Staff).order_by(Staff.name)).all()
    names = {person.id: person.name for person in people}
    queue_rows = promise_queue(session, rt.vault, rt.board.hotline_named, now=now, case_id=file.case.id)
    return {
        "file": file,
        "hotline": hotline,
        "zone": hotline.zone,
        "promises": session.scalars(
            sa.select(Promise).where(Promise.case_id == file.case.id).order_by(Promise.id)
        ).all(),
        "open_row": next(iter(queue_rows), None),
        "wants_no_calls": asked_not_to_be_called(session, file.case.phone_index or ""),
        "cancellation": file.cancellation,
        "charge": charge_row(session, rt.vault, file.case),
        "topics": topics_beside(hotline, _told(file), file.case.language),
        "recalls": recalls_of_case(session, rt.vault, file.case),
        "letter": [(entry, sentence(entry, names, hotline.zone)) for entry in file.history],
        "colleagues": [person for person in people if not person.disabled_at and person.id != file.case.owner_id],
        "steps_to_do": open_steps(file),
        "story": _story(session, file),
        "heard": heard_sentence,
        "told": told,
        "earlier": _earlier(session, file.case),
        "to_document": _to_document(session, file.case),
        "facts": [(name, as_text(fact_of(file.record, name)), CHOICES.get(name)) for name in FIELDS],
        "points": points_of(file.record),
        "point_in_words": point_in_words,
        "undo_key": _undoable(session),
        "note_draft": read_draft(session, rt.vault, file.case, staff(), "note"),
    }


def _told(file: CaseFile) -> str:
    """What the customer said that a standard question may be found by."""
    matter = file.record.matter
    return " ".join(filter(None, (matter.product, matter.issue, matter.narrative)))


def _file(session: orm.Session, protocol: str) -> CaseFile:
    rt = runtime()
    return case_files(session, rt.vault, rt.board.turns, [find_case(session, protocol)], now=rt.clock.now())[0]


def _story(session: orm.Session, file: CaseFile) -> CallStory | None:
    call = session.get(Call, file.case.call_key) if file.case.call_key else None
    if call is None:
        return None
    return call_story(session, runtime().vault, call, played)


def _earlier(session: orm.Session, case: Case) -> list[Case]:
    """Other matters of the same telephone number, newest first."""
    if case.phone_index is None:
        return []
    query = sa.select(Case).where(Case.phone_index == case.phone_index, Case.id != case.id)
    return list(session.scalars(query.order_by(Case.received_at.desc()).limit(20)))


def _to_document(session: orm.Session, case: Case) -> Attempt | None:
    """The conversation of this agent about this case that is not documented yet; None if there is none."""
    return session.scalar(
        sa.select(Attempt)
        .outerjoin(Promise, Promise.id == Attempt.promise_id)
        .outerjoin(Wait, Wait.call_key == Attempt.wait_key)
        .where(
            sa.or_(
                Promise.case_id == case.id,
                Wait.case_id == case.id,
                sa.and_(Wait.case_id.is_(None), Wait.call_key == (case.call_key or "")),
            ),
            Attempt.staff_id == staff().id,
            Attempt.bridged_at.is_not(None),
            Attempt.wrapped_up_at.is_(None),
        )
        .order_by(Attempt.id.desc())
        .limit(1)
    )


def person_named(session: orm.Session, number: str) -> Staff | None:
    """The person whose number stands in a form; None if it is none."""
    return session.get(Staff, int(number)) if number.isascii() and number.isdecimal() and len(number) < 10 else None


def _undoable(session: orm.Session) -> str | None:
    """The key of what was just done here, while it can be taken back."""
    deed = session.get(Deed, request.args.get("undo", "")[:40])
    return deed.key if deed is not None and can_undo(deed, staff().id, runtime().wall.now()) else None


def _typed(name: str) -> str:
    return request.form.get(name, "")
