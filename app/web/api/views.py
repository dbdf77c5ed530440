"""Reading cases, calls and promises, for other systems with a token; what they write stands in `writes`."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, g, jsonify, render_template, request
from pydantic import BaseModel
from sqlalchemy import orm

from app.analytics import listings
from app.analytics.case_file import case_files
from app.analytics.ledger import ledger
from app.domain.errors import Invalid, NotFound
from app.domain.protocol import read_protocol
from app.domain.scope import Scope
from app.models.call import Call
from app.models.case import Case
from app.models.turns import heard_of
from app.services.add_token import token_shown
from app.services.call_evidence import call_evidence
from app.web.access import TOKEN, declared, public, scope_of, token_for
from app.web.api.description import LISTS, description
from app.web.api.render import call_out, case_out, ledger_out, moment_out, promise_out
from app.web.api.schemas import CallPage, CasePage, PromisePage, TurnOut
from app.web.api.writing import problem
from app.web.asked import wanted, write_cursor
from app.web.desk.played import played
from app.web.headers import guard
from app.web.webhooks.gate import runtime

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.before_request
def only_with_token() -> Response | None:
    """Refuse who shows no good token."""
    view = current_app.view_functions.get(request.endpoint or "")
    if declared(view) != TOKEN:
        return None
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    rt, shown = runtime(), None
    if scheme.lower() == "bearer" and token.strip():
        with rt.database.reads() as session:
            shown = token_shown(session, token.strip(), wall_now=rt.wall.now())
    if shown is None:
        answer = problem(401, "unauthorized", "show a good token: Authorization: Bearer TOKEN")
        answer.headers["WWW-Authenticate"] = 'Bearer realm="rueckruf"'
        return answer
    scope = scope_of(view)
    if scope not in shown.opens:
        return problem(403, "forbidden", f"this token does not open {scope}; an administrator can make one that does")
    g.token = shown
    return None


@bp.after_request
def guarded(response: Response) -> Response:
    return guard(response)


@bp.get("/openapi.json")
@public
def openapi() -> Response:
    return jsonify(description(runtime().settings.public_url))


@bp.get("/docs")
@public
def docs() -> str:
    return render_template("api_docs.html", api=description(runtime().settings.public_url))


@bp.get("/cases")
@token_for(Scope.CASES)
def cases() -> Response:
    rt = runtime()
    asked = wanted(rt, request.args, LISTS["cases"])
    with rt.database.reads() as session:
        page = listings.cases(session, asked)
        files = case_files(session, rt.vault, rt.board.turns, page.rows, now=rt.clock.now())
        return _json(CasePage(items=[case_out(file) for file in files], next_cursor=write_cursor(page.next)))


@bp.get("/cases/<protocol>")
@token_for(Scope.CASES)
def case(protocol: str) -> Response:
    rt = runtime()
    wanted(rt, request.args, ())
    with rt.database.reads() as session:
        found = session.scalar(sa.select(Case).where(Case.protocol == (read_protocol(protocol) or "")))
        if found is None:
            raise NotFound("case")
        told = case_out(case_files(session, rt.vault, rt.board.turns, [found], now=rt.clock.now())[0])
    answer = _json(told)
    answer.set_etag(str(told.version))
    return answer


@bp.get("/calls")
@token_for(Scope.CALLS)
def calls() -> Response:
    rt = runtime()
    asked = wanted(rt, request.args, LISTS["calls"])
    with rt.database.reads() as session:
        page = listings.calls(session, asked)
        opened = _protocols(session, [call.key for call in page.rows])
        items = [call_out(rt.vault, call, opened[call.key]) for call in page.rows]
    return _json(CallPage(items=items, next_cursor=write_cursor(page.next)))


@bp.get("/calls/<network_id>")
@token_for(Scope.CALLS)
def call(network_id: str) -> Response:
    rt = runtime()
    wanted(rt, request.args, ())
    with rt.database.reads() as session:
        found = _call(session, network_id)
        return _json(call_out(rt.vault, found, _protocols(session, [found.key])[found.key]))


@bp.get("/calls/<network_id>/turns")
@token_for(Scope.CALLS)
def turns(network_id: str) -> Response:
    rt = runtime()
    wanted(rt, request.args, ())
    with rt.database.reads() as session:
        told = heard_of(session, rt.vault, _call(session, network_id).key)
    items = [TurnOut(number=row.number, at=row.at, node=row.node, heard=body["h"]) for row, body in told]
    return jsonify([item.model_dump(mode="json") for item in items])


@bp.get("/calls/<network_id>/evidence")
@token_for(Scope.CALLS)
def evidence(network_id: str) -> Response:
    rt = runtime()
    wanted(rt, request.args, ())
    with rt.database.reads() as session:
        moments = call_evidence(rt.board, session, _call(session, network_id), played)
    return jsonify([moment_out(moment).model_dump(mode="json") for moment in moments])


@bp.get("/promises")
@token_for(Scope.PROMISES)
def promises() -> Response:
    rt = runtime()
    asked = wanted(rt, request.args, LISTS["promises"])
    with rt.database.reads() as session:
        page = listings.promises(session, asked)
        items = [promise_out(rt.vault, promise) for promise in page.rows]
    return _json(PromisePage(items=items, next_cursor=write_cursor(page.next)))


@bp.get("/promises/<int:promise_id>")
@token_for(Scope.PROMISES)
def promise(promise_id: int) -> Response:
    rt = runtime()
    wanted(rt, request.args, ())
    with rt.database.reads() as session:
        return _json(ledger_out(rt.vault, ledger(session, rt.vault, rt.board.hotline_named, promise_id)))


def _call(session: orm.Session, network_id: str) -> Call:
    if "\x00" in network_id:
        raise Invalid("network_id", "is none")
    found = session.scalar(sa.select(Call).where(Call.network_id == network_id))
    if found is None:
        raise NotFound("call")
    return found


def _protocols(session: orm.Session, keys: list[str]) -> defaultdict[str, list[str]]:
    opened: defaultdict[str, list[str]] = defaultdict(list)
    rows = sa.select(Case.call_key, Case.protocol).where(Case.call_key.in_(keys)).order_by(Case.id)
    for key, protocol in session.execute(rows):
        opened[key or ""].append(protocol)
    return opened


def _json(body: BaseModel) -> Response:
    return Response(body.model_dump_json(), mimetype="application/json")
