"""What other systems may write: each through the service that the desk uses."""

from __future__ import annotations

import io
import json

import sqlalchemy as sa
from flask import Blueprint
from sqlalchemy import orm

from app.domain.complaint_groups import Point
from app.domain.errors import Conflict, Invalid, NotFound, WrongState
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, parse_phone, why_not_callable
from app.domain.scope import Scope
from app.models.call import asked_not_to_be_called
from app.models.case import Case, version_of
from app.models.charge import Charge, charge_of
from app.models.promise import Promise, is_being_rung, open_promise_of_case
from app.models.recall import RecallAnswer, RecallRow
from app.models.records import phone_of
from app.services.add_note import write_note
from app.services.carry_out_remedy import carry_out_remedy
from app.services.decide_charge import decide_charge
from app.services.file_case import file_case as put_on_record
from app.services.import_recalls import import_recalls
from app.services.promise_anew import check_wish, promise_anew, withdraw
from app.services.promise_by_text import promise_by_text
from app.services.refuse_calls import mark_number
from app.services.suspend_charge import suspend_charge
from app.services.weigh_load import wait_to_promise
from app.services.wrap_up import Documented, wrap_up
from app.web.api import bodies
from app.web.api.render import case_written, promise_made
from app.web.api.schemas import CaseWritten, ChargeStands, NumberMarked, PromiseMade, RecallsTaken, RowLeftOut
from app.web.api.writing import WRITES, Writing, write
from app.web.show import office_zone


@write("/cases", Scope.CASES_WRITE, bodies.NewCase, CaseWritten, 201, has_version=False)
def file_case(at: Writing, body: bodies.NewCase) -> CaseWritten:
    """Put a complaint, a recall enquiry or a request for information on record, if wished with a promised call."""
    hotline = at.rt.hotlines.named(body.hotline)
    if hotline is None:
        raise Invalid("hotline", "is none of ours")
    language = body.language or hotline.main_language
    if language not in hotline.languages:
        raise Invalid("language", f"is none of this hotline's: {', '.join(hotline.languages)}")
    number = _number(body.complainant.phone, hotline, "complainant.phone")
    facts: dict[str, object] = {
        **_facts("complainant", body.complainant.model_dump(exclude={"phone"}, exclude_defaults=True)),
        **_facts("matter", body.matter.model_dump(exclude={"points"}, exclude_defaults=True)),
    }
    if body.matter.points:
        facts["matter.points"] = tuple(Point(text=text) for text in body.matter.points)
    if body.call_back is not None:
        check_wish(body.call_back.not_before_at, at.now)
        _may_be_called(at, number, "complainant.phone")
    case = put_on_record(
        at.session, at.rt.vault, hotline, kind=body.kind, channel=body.channel, language=language, number=number,
        facts=facts, actor=at.actor, now=at.now,
    )  # fmt: skip
    if body.call_back is not None and number is not None:
        _first_promise(at, case, hotline, number, body.call_back)
    return case_written(at.session, case)


def _first_promise(at: Writing, case: Case, hotline: Hotline, number: PhoneNumber, wish: bodies.CallBack) -> None:
    """The receipt of a complaint names its number and its deadline, as after a call that broke off (T4)."""
    words = at.rt.board.present.words
    if case.kind != "complaint":
        promise_anew(
            at.session, at.rt.vault, words, case, hotline, number, None,
            made_by=at.cause, actor=at.actor, wish=wish.not_before_at, now=at.now,
        )  # fmt: skip
        return
    wait_to_promise(at.session, hotline, now=at.now)
    promise_by_text(
        at.session, at.rt.vault, words, case, hotline, number,
        cause=at.cause, language=case.language, actor=at.actor, wish=wish.not_before_at, now=at.now,
    )  # fmt: skip


@write("/cases/<protocol>/notes", Scope.CASES_WRITE, bodies.NewNote, CaseWritten, 201)
def add_note(at: Writing, body: bodies.NewNote, protocol: str) -> CaseWritten:
    """Add a note to the history of a case."""
    case = at.case_with(protocol)
    write_note(at.session, at.rt.vault, case, at.staff, body.text, now=at.now)
    return case_written(at.session, case)


@write("/cases/<protocol>/outcome", Scope.CASES_WRITE, bodies.NewOutcome, CaseWritten)
def document(at: Writing, body: bodies.NewOutcome, protocol: str) -> CaseWritten:
    """Document how a contact with the customer ended; case and promise follow from it, as at the desk."""
    case = at.case_with(protocol)
    entered = Documented(
        disposition=body.disposition,
        response=body.response or "",
        note=body.note or "",
        redress_cents=body.redress_cents,
        escalation_offered=body.escalation_offered,
        call_at=body.call_at,
        phone=body.phone or "",
        may_ask=body.may_ask,
        answers={each.point: each.answer for each in body.answers},
    )
    wrap_up(
        at.session, at.rt.vault, at.rt.board.present.words, case, _hotline(at, case), at.staff, entered,
        attempt=None, now=at.now, at_desk=False,
    )  # fmt: skip
    return case_written(at.session, case)


@write("/cases/<protocol>/promises", Scope.PROMISES_WRITE, bodies.NewPromise, PromiseMade, 201, 200)
def promise_call(at: Writing, body: bodies.NewPromise, protocol: str) -> tuple[PromiseMade, int]:
    """Promise a call about a case; the promise that stands is given, if there is one."""
    case = at.case_with(protocol)
    standing = open_promise_of_case(at.session, case.id)
    if standing is not None:
        return promise_made(standing), 200
    if case.closed_at is not None:
        raise WrongState("case", "closed", "open")
    hotline = _hotline(at, case)
    number = _number(body.phone or phone_of(at.rt.vault, case), hotline, "phone")
    _may_be_called(at, number, "phone")
    made = promise_anew(
        at.session, at.rt.vault, at.rt.board.present.words, case, hotline, number, None,
        made_by=at.cause, actor=at.actor, wish=body.not_before_at, now=at.now,
    )  # fmt: skip
    return promise_made(made), 201


@write("/promises/<int:promise_id>/move", Scope.PROMISES_WRITE, bodies.MovedPromise, PromiseMade, 201)
def move_promise(at: Writing, body: bodies.MovedPromise, promise_id: int) -> PromiseMade:
    """Move a promised call to another time; a new promise takes its place."""
    standing = _open(at, promise_id)
    hotline = at.rt.board.hotline_named(standing.hotline)
    number = PhoneNumber(str(at.rt.vault.open(standing.phone, f"promises:phone:{standing.key}")))
    made = promise_anew(
        at.session, at.rt.vault, at.rt.board.present.words, standing.case, hotline, number, standing,
        made_by=at.cause, actor=at.actor, wish=body.not_before_at, now=at.now,
    )  # fmt: skip
    return promise_made(made)


@write("/promises/<int:promise_id>/withdraw", Scope.PROMISES_WRITE, bodies.Withdrawal, CaseWritten)
def withdraw_promise(at: Writing, _body: bodies.Withdrawal, promise_id: int) -> CaseWritten:
    """The customer no longer wants the promised call."""
    promise = at.promise_with(promise_id)
    words, hotline = at.rt.board.present.words, at.rt.board.hotline_named(promise.hotline)
    if not withdraw(at.session, at.rt.vault, words, promise, hotline, at.actor, at.now):
        raise WrongState("promise", promise.status, "open")
    return case_written(at.session, promise.case)


@write("/do-not-call", Scope.NUMBERS_WRITE, bodies.NumberMark, NumberMarked, has_version=False)
def mark(at: Writing, body: bodies.NumberMark) -> NumberMarked:
    """Put down that a number is not to be called, or may be called again; open promises to it end."""
    number = _number(body.phone, next(iter(at.rt.hotlines)), "phone")
    ended = mark_number(
        at.session, at.rt.vault, at.rt.board.present.words, at.rt.vault.index(number.e164 if number else ""), None,
        at.rt.board.hotline_named, at.staff, refused=body.refused, now=at.now,
    )  # fmt: skip
    return NumberMarked(refused=body.refused, promises_withdrawn=ended)


@write("/recalls", Scope.RECALLS_WRITE, bodies.NewRecalls, RecallsTaken, has_version=False)
def take_recalls(at: Writing, body: bodies.NewRecalls) -> RecallsTaken:
    """Bring recalls into the catalogue; one that is there already is brought up to date."""
    rows = [each.model_dump(mode="json", exclude_none=True) for each in body.recalls]
    file = io.BytesIO(json.dumps(rows).encode())
    report = import_recalls(at.session, file, name="recalls", now=at.now)
    return RecallsTaken(
        imported=report.imported,
        changed=report.changed,
        unchanged=report.unchanged,
        left_out=[RowLeftOut(row=row, problem=problem) for row, problem in report.left_out],
    )


@write("/cases/<protocol>/remedy", Scope.RECALLS_WRITE, bodies.RemedyDone, CaseWritten)
def remedy_done(at: Writing, body: bodies.RemedyDone, protocol: str) -> CaseWritten:
    """The remedy of a recall was carried out for the customer of a case, who is asked whether it solved the matter."""
    case = at.case_with(protocol)
    of_call = RecallAnswer.call_key == case.call_key if case.call_key else sa.false()
    answer = at.session.scalar(
        sa.select(RecallAnswer)
        .join(RecallRow, RecallRow.id == RecallAnswer.recall_id)
        .where(sa.or_(RecallAnswer.case_id == case.id, of_call), RecallRow.number == body.recall)
        .order_by(RecallAnswer.id.desc())
        .limit(1)
    )
    if answer is None:
        raise NotFound("recall of this case")
    carry_out_remedy(
        at.session, at.rt.vault, at.rt.board.present.words, case, answer, _hotline(at, case), body.correction, at.staff,
        today=at.now.astimezone(office_zone()).date(), now=at.now,
    )  # fmt: skip
    return case_written(at.session, case)


@write("/cases/<protocol>/charge", Scope.CHARGES_WRITE, bodies.NewCharge, ChargeStands)
def suspend(at: Writing, body: bodies.NewCharge, protocol: str) -> ChargeStands:
    """Suspend a charge that the customer calls undue; the billing system is told."""
    case = at.case_with(protocol)
    charge = suspend_charge(
        at.session, at.rt.vault, case, _hotline(at, case), body.invoice or "", actor=at.actor, now=at.now
    )
    return _charge(at.session, case, charge)


@write("/cases/<protocol>/charge/decision", Scope.CHARGES_WRITE, bodies.ChargeVerdict, ChargeStands)
def decide(at: Writing, body: bodies.ChargeVerdict, protocol: str) -> ChargeStands:
    """Decide about a suspended charge; the billing system and the customer are told."""
    case = at.case_with(protocol)
    decide_charge(
        at.session, at.rt.vault, at.rt.board.present.words, case, _hotline(at, case), at.staff,
        decision=body.decision, reason=body.reason, now=at.now,
    )  # fmt: skip
    charge = charge_of(at.session, case.id)
    if charge is None:
        raise NotFound("charge")
    return _charge(at.session, case, charge)


def add_views(bp: Blueprint) -> None:
    """Add every write to the API."""
    for kind, take in WRITES:
        bp.add_url_rule(kind.rule, view_func=take, methods=["POST"])


def _charge(session: orm.Session, case: Case, charge: Charge) -> ChargeStands:
    session.flush()
    return ChargeStands(
        protocol=case.protocol,
        suspended_at=charge.suspended_at,
        decide_by=charge.decide_by,
        decision=charge.decision,
        version=version_of(session, case.id),
    )


def _open(at: Writing, promise_id: int) -> Promise:
    promise = at.promise_with(promise_id)
    if promise.status != "open":
        raise WrongState("promise", promise.status, "open")
    if is_being_rung(at.session, promise.id):
        raise Conflict("the customer is being rung for this promise at this moment")
    return promise


def _hotline(at: Writing, case: Case) -> Hotline:
    return at.rt.board.hotline_named(case.hotline)


def _facts(group: str, values: dict[str, object]) -> dict[str, object]:
    return {f"{group}.{name}": value for name, value in values.items()}


def _number(typed: str | None, hotline: Hotline, field: str) -> PhoneNumber | None:
    """A number that was sent, in any spelling.

    Raises:
        Invalid: if it is none.
    """
    if not typed:
        return None
    number = parse_phone(typed, hotline.country)
    if number is None:
        raise Invalid(field, "is no telephone number")
    return number


def _may_be_called(at: Writing, number: PhoneNumber | None, field: str) -> None:
    """Refuse to promise a call to who cannot or must not be called."""
    refused = why_not_callable(number) if number is not None else "none is known"
    if refused is not None or number is None:
        raise Invalid(field, f"cannot be called: {refused}")
    if asked_not_to_be_called(at.session, at.rt.vault.index(number.e164)):
        raise Conflict("this number asked not to be called; nothing was promised")
