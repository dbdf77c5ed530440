"""How a write of another system is taken: its token, its key, its body, one transaction, one answer."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from flask import Response, g, request
from pydantic import BaseModel, ValidationError
from sqlalchemy import orm

from app.domain.errors import Busy, Conflict, Invalid, NotFound
from app.domain.scope import Scope
from app.models.audit import audit
from app.models.case import Case, newest_event_of, version_of
from app.models.engines import was_thrown_out
from app.models.journal import THROUGH
from app.models.promise import Promise
from app.models.records import lock_case
from app.models.staff import Staff
from app.runtime import Runtime
from app.services.add_token import ShownToken
from app.services.answer_once import HEADER, Answer, answer_once
from app.web.access import token_for
from app.web.api.schemas import ErrorOut, LatestOut, Problem
from app.web.desk.cases import find_case
from app.web.webhooks.gate import runtime

MOST_BYTES: Final = 512 * 1024
_KEY: Final = re.compile(r"[!-~]{1,200}", re.ASCII)
_VERSION: Final = re.compile(r'"?([0-9]{1,9})"?', re.ASCII)
_TRIES: Final = 3  # of a transaction that the database threw out for another's sake
_BIGGEST_ID: Final = 2**31


class Outdated(Conflict):
    """The case has changed since the version that the other system knows."""


@dataclass(slots=True)
class Writing:
    """One write at hand: what it works with, and in whose name."""

    rt: Runtime
    session: orm.Session
    staff: Staff
    now: datetime  # office time
    cause: str  # of what is made by this write; nothing else has the same
    case_id: int | None = None  # of the one it is about, once it is found

    @property
    def actor(self) -> str:
        """Who does it, as histories have it."""
        return f"staff:{self.staff.id}"

    def case_with(self, protocol: str) -> Case:
        """The case to be written to; nobody else changes it until the transaction ends.

        Raises:
            NotFound: if there is none.
            Outdated: if it is not the version that was asked for.
        """
        return self._take(find_case(self.session, protocol))

    def promise_with(self, promise_id: int) -> Promise:
        """The promise to be written to, with its case.

        Raises:
            NotFound: if there is none.
            Outdated: if its case is not the version that was asked for.
        """
        promise = self.session.get(Promise, promise_id) if promise_id < _BIGGEST_ID else None
        if promise is None:
            raise NotFound("promise")
        self._take(promise.case)
        self.session.refresh(promise)
        return promise

    def _take(self, case: Case) -> Case:
        lock_case(self.session, case)
        self.case_id = case.id
        wanted = request.headers.get("If-Match", "").strip()
        if wanted not in ("", "*"):
            read = _VERSION.fullmatch(wanted)
            if read is None:
                raise Invalid("If-Match", "is no version of a case")
            if int(read[1]) != version_of(self.session, case.id):
                raise Outdated("this case was changed meanwhile; read it again")
        return case


View: TypeAlias = Callable[..., BaseModel | tuple[BaseModel, int]]


@dataclass(frozen=True, slots=True)
class Write:
    """One kind of write: where it is asked for, and what it takes and gives."""

    rule: str  # as Flask has it
    scope: Scope
    body: type[BaseModel]
    answer: type[BaseModel]
    statuses: tuple[int, ...]  # of success
    view: View
    has_version: bool  # whether If-Match is heeded

    @property
    def summary(self) -> str:
        """What it does, in a sentence."""
        return (self.view.__doc__ or "").strip().splitlines()[0].rstrip(".")


WRITES: Final[list[tuple[Write, Callable[..., Response]]]] = []
"""Every write there is, in the order of the description, and what Flask calls for it."""


def write(
    rule: str,
    scope: Scope,
    body: type[BaseModel],
    answer: type[BaseModel],
    *statuses: int,
    has_version: bool = True,
) -> Callable[[View], View]:
    """Make a function a write: it gets what is at hand, the body, and what the rule names."""

    def mark(view: View) -> View:
        kind = Write(rule, scope, body, answer, statuses or (200,), view, has_version)

        def take(**named: Any) -> Response:
            return _taken(kind, named)

        take.__name__ = view.__name__
        WRITES.append((kind, token_for(scope)(take)))
        return view

    return mark


def problem(
    status: int, code: str, message: str, field: str | None = None, latest: LatestOut | None = None
) -> Response:
    """An error in the manner of the API."""
    body = ErrorOut(error=Problem(status=status, code=code, message=message, field=field, latest=latest))
    return Response(body.model_dump_json(), status=status, mimetype="application/json")


def _taken(kind: Write, named: dict[str, Any]) -> Response:
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        told = "is missing, or not 1 to 200 printable ASCII signs without blanks; take a new one for each write"
        return problem(400, "bad_request", f"{HEADER}: {told}", HEADER)
    if request.args:
        return problem(422, "invalid", "no parameter is known here", next(iter(request.args)))
    if request.mimetype != "application/json":
        return problem(415, "unsupported_media_type", "send JSON as application/json")
    raw = request.get_data(cache=False)
    if len(raw) > MOST_BYTES:
        return problem(413, "content_too_large", f"the body is longer than {MOST_BYTES} bytes")
    try:
        body = kind.body.model_validate_json(raw)
    except ValidationError as error:
        return _invalid(error)
    answer = _carried_out(kind, key, body, named)
    if isinstance(answer, Response):
        return answer
    response = Response(answer.body, status=answer.status, mimetype="application/json")
    if answer.is_repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _invalid(error: ValidationError) -> Response:
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if fault["type"] == "json_invalid":
        return problem(400, "bad_request", "the body is no JSON")
    name = ".".join(str(step) for step in fault["loc"]) or None
    return problem(422, "invalid", fault["msg"].removeprefix("Value error, "), name)


def _carried_out(kind: Write, key: str, body: BaseModel, named: dict[str, Any]) -> Answer | Response:
    for left in reversed(range(_TRIES)):
        try:
            return _once(kind, key, body, named)
        except Exception as error:
            if not (left and was_thrown_out(error)):
                raise
    raise AssertionError("the last try gives an answer or raises")


def _once(kind: Write, key: str, body: BaseModel, named: dict[str, Any]) -> Answer | Response:
    rt, token = runtime(), _token()
    at_hand: Writing | None = None
    try:
        with rt.database.sessions.begin() as session:
            session.info[THROUGH] = token.name
            who = session.get_one(Staff, token.acts_for)
            at_hand = Writing(rt, session, who, rt.clock.now(), f"api:{token.id}:{secrets.token_urlsafe(12)}")
            carry_out = _bound(kind, at_hand, body, named)
            asked = (request.method, request.path, body.model_dump_json())
            return answer_once(session, rt.vault, token.id, key, asked, carry_out, wall_now=rt.wall.now())
    except Conflict as conflict:
        return _lost(conflict, at_hand)


def _bound(kind: Write, at_hand: Writing, body: BaseModel, named: dict[str, Any]) -> Callable[[], tuple[int, str]]:
    def carry_out() -> tuple[int, str]:
        made = kind.view(at_hand, body, **named)
        told, status = made if isinstance(made, tuple) else (made, kind.statuses[0])
        _note(at_hand, kind)
        return status, told.model_dump_json()

    return carry_out


def _note(at_hand: Writing, kind: Write) -> None:
    """Put into the audit trail who did it, through what, in the transaction of what was done."""
    audit(
        at_hand.session,
        at_hand.rt.vault,
        at=at_hand.rt.wall.now(),
        staff_id=at_hand.staff.id,
        action=f"api.{kind.view.__name__}",
        subject=request.path[:200],
        details={"through": _token().name, "from": [request.remote_addr or "", request.user_agent.string[:300]]},
    )


def _lost(conflict: Conflict, at_hand: Writing | None) -> Response:
    """Say who was faster."""
    if isinstance(conflict, Busy):
        answer = problem(409, "busy", str(conflict))
        answer.headers["Retry-After"] = "5"
        return answer
    latest = None
    case_id = at_hand.case_id if at_hand is not None else None
    if case_id is not None:
        with runtime().database.reads() as session:
            event = newest_event_of(session, case_id)
            if event is not None:
                version = version_of(session, case_id)
                latest = LatestOut(at=event.at, kind=event.kind, actor=event.actor, version=version)
    if isinstance(conflict, Outdated):
        return problem(412, "precondition_failed", str(conflict), "If-Match", latest)
    return problem(409, "conflict", str(conflict), None, latest)


def _token() -> ShownToken:
    token: ShownToken = g.token
    return token
