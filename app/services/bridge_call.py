"""Agent first, then the customer: what each leg of an attempt hears, and what its keys do.

Every step is one conditional move of the attempt's row, so that a webhook that comes twice is answered alike and does
nothing twice. The documents depend on rows only, never on which process answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.hotline import Hotline
from app.ivr.turn import Say
from app.ivr.words import Words
from app.models.call import Call, Wait, is_on_the_line, offer
from app.models.case import Case, case_of_call_waiting
from app.models.found import find, find_by_id, get_by_id
from app.models.holds import let_go, take_for_ringing
from app.models.journal import end_promise, note
from app.models.promise import STAGES, Attempt, Promise, open_promise_of, open_promise_of_case, promise_of
from app.models.ready import ask_one, note_written, table_of, write
from app.models.records import lock_cases, open_record, record_to_change, seal_record
from app.models.staff import Staff
from app.models.vault import Vault
from app.services.tell_customer import tell_customer


@dataclass(frozen=True, slots=True)
class Stage:
    """What one leg of an attempt shall hear now, and what the office knows about it."""

    attempt: Attempt
    language: str
    says: tuple[Say, ...]
    go_on: bool  # False: speak and hang up
    number: str = ""  # the customer's, E.164
    queue: str = ""  # the queue's name, when a waiting caller is fetched


def _forward(stage: str) -> sa.Update:
    attempts = table_of(Attempt)
    earlier = sa.or_(*(attempts.c.stage == each for each in STAGES[: STAGES.index(stage)]))
    return sa.update(attempts).where(attempts.c.key == sa.bindparam("of_key"), earlier).returning(attempts.c.id)


_ADVANCE: Final = {stage: _forward(stage) for stage in STAGES[1:]}
_BY_KEY: Final = sa.select(Attempt).where(Attempt.key == sa.bindparam("key")).with_for_update(key_share=True)
_LANGUAGES: Final = sa.select(Staff.languages).where(Staff.id == sa.bindparam("staff_id"))
_QUEUED: Final = sa.select(Call).where(Call.network_id == sa.bindparam("network_id"))
_THEIR_WAIT: Final = (
    sa.select(Wait)
    .join(Call, Call.key == Wait.call_key)
    .where(
        Wait.status == "waiting",
        sa.or_(Call.caller_index == sa.bindparam("phone_index"), Wait.case_id == sa.bindparam("case_id")),
    )
    .limit(1)
)


def advance(session: orm.Session, attempt_key: str, stage: str, **values: object) -> bool:
    """Move an attempt forward to `stage`; False if it stands there already, or further."""
    moved = ask_one(session, _ADVANCE[stage], of_key=attempt_key, stage=stage, **values)
    if moved is None:
        return False
    note_written(session, Attempt, moved, stage=stage, **values)
    return True


def find_attempt(session: orm.Session, key: str) -> Attempt | None:
    """The attempt with this key, which nobody else moves until the transaction ends; None if it is none of ours."""
    return find(session, _BY_KEY, key=key)


def greet_agent(session: orm.Session, vault: Vault, attempt: Attempt, network_id: str, *, wall_now: datetime) -> Stage:
    """The agent has picked up: whisper what it is about and ask for a key."""
    advance(session, attempt.key, "placed", network_id=network_id, wall_at=wall_now)
    language = _agent_language(session, attempt)
    if attempt.stage == "ended" or (attempt.network_id not in (None, network_id)):
        return Stage(attempt, language, (Say("agent.gone"),), go_on=False)
    if attempt.promise_id is None:
        wait = get_by_id(session, Wait, attempt.wait_key)
        says: tuple[Say, ...] = (_whisper_of_wait(session, vault, wait),)
        if wait.status not in ("waiting", "offered"):
            return Stage(attempt, language, (Say("agent.gone"),), go_on=False)
    else:
        promise = promise_of(session, attempt)
        if promise.status != "open":
            return Stage(attempt, language, (Say("agent.gone"),), go_on=False)
        says = (_whisper(vault, promise),)
    return Stage(attempt, language, (*says, Say("agent.accept")), go_on=True)


def _whisper(vault: Vault, promise: Promise) -> Say:
    record = open_record(vault, promise.case)
    return Say(
        "agent.whisper",
        {
            "kind": f"kind.{promise.case.kind}",
            "product": record.matter.product or "",
            "due": promise.due_at.isoformat(),
            "protocol": promise.case.protocol,
        },
    )


def _whisper_of_wait(session: orm.Session, vault: Vault, wait: Wait) -> Say:
    """What is known of the caller at the front; an agent need not ask again what was said already."""
    case = case_of_call_waiting(session, wait.call_key)
    if case is None:
        return Say("agent.whisper_queue")
    product = open_record(vault, case).matter.product or ""
    return Say("agent.whisper_queue", {"kind": f"kind.{case.kind}", "product": product, "protocol": case.protocol})


def accept(
    session: orm.Session, vault: Vault, attempt: Attempt, keys: str, *, now: datetime, wall_now: datetime
) -> Stage:
    """The agent pressed a key: 1 brings in the customer; anything else, or nothing, hands the matter to another."""
    language = _agent_language(session, attempt)
    if attempt.stage in ("bridged", "ended"):
        return Stage(attempt, language, (Say("agent.gone"),), go_on=False)
    if keys != "1":
        return Stage(attempt, language, (Say("goodbye"),), go_on=False)
    if attempt.promise_id is None:
        wait = get_by_id(session, Wait, attempt.wait_key)
        if wait.status not in ("waiting", "offered"):
            return Stage(attempt, language, (Say("agent.gone"),), go_on=False)
        advance(session, attempt.key, "accepted", wall_at=wall_now)
        return Stage(attempt, language, (Say("agent.connecting"),), go_on=True, queue=wait.queue)
    promise = promise_of(session, attempt)
    waiting = find_by_id(session, Wait, attempt.wait_key) if attempt.wait_key else _wait_of(session, promise)
    if waiting is not None and (waiting.status == "offered" or offer(session, waiting.call_key)):
        # Who was to be rung is calling us, and waits for somebody: this agent is the one, and nobody is rung.
        attempt.wait_key = waiting.call_key
        advance(session, attempt.key, "accepted", wall_at=wall_now)
        return Stage(attempt, language, (Say("agent.connecting"),), go_on=True, queue=waiting.queue)
    lock_cases(session, [promise.case_id])
    is_free = take_for_ringing(session, promise.id, wall_now=wall_now)
    if not is_free or is_on_the_line(session, promise.phone_index, now=now):
        # Withdrawn or served meanwhile, or about to be: the customer is calling us at this very moment.
        advance(session, attempt.key, "accepted", wall_at=wall_now)
        return Stage(attempt, language, (Say("agent.gone"),), go_on=False)
    if advance(session, attempt.key, "dialled", dialled_at=now, wall_at=wall_now):
        write(promise, attempts_made=promise.attempts_made + 1)
        note(
            session, vault, promise.case, "attempt", f"staff:{attempt.staff_id}", now,
            attempt=attempt.key, number=promise.attempts_made,
        )  # fmt: skip
    phone = str(vault.open(promise.phone, f"promises:phone:{promise.key}"))
    # Not a word before the customer is rung: in those seconds the promise might be withdrawn, and ring all the same.
    return Stage(attempt, language, (), go_on=True, number=phone)


def _wait_of(session: orm.Session, promise: Promise) -> Wait | None:
    """The wait of the customer of this promise: from the same number, or about the same case; None if they do not."""
    if promise.status != "open":
        return None
    return find(session, _THEIR_WAIT, phone_index=promise.phone_index, case_id=promise.case_id)


def greet_customer(session: orm.Session, attempt: Attempt, hotline: Hotline, network_id: str) -> Stage:
    """The customer, or a machine, has picked up: say who calls and ask for a key."""
    if attempt.customer_network_id is None and network_id:
        write(attempt, customer_network_id=network_id)
    promise = promise_of(session, attempt)
    slots = {"company": hotline.company.name, "protocol": promise.case.protocol}
    if promise.status != "open":
        return Stage(attempt, promise.language, (Say("customer.settled", slots),), go_on=False)
    return Stage(attempt, promise.language, (Say("customer.callback", slots),), go_on=True)


def confirm(
    session: orm.Session,
    vault: Vault,
    attempt: Attempt,
    hotline: Hotline,
    *,
    is_yes: bool,
    now: datetime,
    wall_now: datetime,
) -> Stage:
    """The customer pressed a key. 1: they are joined with the agent, and the promise is kept at this moment."""
    promise = promise_of(session, attempt)
    slots = {"company": hotline.company.name, "protocol": promise.case.protocol}
    if not is_yes:
        says = Say("customer.voicemail", slots), Say("customer.voicemail_number", {"phone": hotline.numbers[0]})
        return Stage(attempt, promise.language, says, go_on=False)
    if advance(session, attempt.key, "bridged", bridged_at=now, wall_at=wall_now):
        keep(session, vault, promise, now, attempt)
    return Stage(attempt, promise.language, (Say("customer.connecting"),), go_on=True)


def keep(session: orm.Session, vault: Vault, promise: Promise, now: datetime, attempt: Attempt) -> None:
    """Customer and agent speak: the promise is kept, or kept late, unless it ended while it rang.

    Whoever speaks first owns the case (T11).
    """
    status = "kept" if now <= promise.due_at else "kept_late"
    is_kept = end_promise(session, vault, promise, status, f"staff:{attempt.staff_id}", now)
    _own(session, vault, promise.case, attempt.staff_id, now)
    if is_kept:
        record = record_to_change(session, vault, promise.case).with_facts({"assessment.promise_kept_at": now})
        seal_record(vault, promise.case, record)


def _own(session: orm.Session, vault: Vault, case: Case, staff_id: int | None, now: datetime) -> None:
    if case.owner_id is None:
        write(case, owner_id=staff_id, status="in_progress" if case.status == "received" else case.status)
        note(session, vault, case, "owned", f"staff:{staff_id}", now)


def join_waiting(
    session: orm.Session,
    vault: Vault,
    words: Words,
    attempt: Attempt,
    hotline: Hotline,
    queued_network_id: str,
    *,
    now: datetime,
    wall_now: datetime,
) -> str | None:
    """The agent's leg meets the caller at the front of the queue; gives the caller's language.

    Whoever is in front is joined, who need not be the one the agent was rung for. What they were promised about it is
    discharged: the customer has been served (lessons: a callback after the customer got through).
    """
    call = find(session, _QUEUED, network_id=queued_network_id)
    wait = find_by_id(session, Wait, call.key) if call is not None else None
    if call is None or wait is None:
        return None
    offered = attempt.wait_key
    case = case_of_call_waiting(session, wait.call_key)
    promise = _promise_served(session, call, wait)
    lock_cases(session, {*([case.id] if case else []), *([promise.case_id] if promise else [])})
    if advance(session, attempt.key, "bridged", bridged_at=now, dialled_at=now, wall_at=wall_now, wait_key=call.key):
        if offered != call.key:
            session.execute(
                sa.update(Wait).where(Wait.call_key == offered, Wait.status == "offered").values(status="waiting")
            )
        wait.status, wait.answered_at = "bridged", now
        if case is not None:
            note(session, vault, case, "talked", f"staff:{attempt.staff_id}", now, attempt=attempt.key)
            _own(session, vault, case, attempt.staff_id, now)
        if promise is None or promise.id != attempt.promise_id:
            attempt.promise_id = None  # somebody else stood in front: the conversation is about them
        if promise is not None and end_promise(
            session, vault, promise, "discharged", f"staff:{attempt.staff_id}", now, cause="called us"
        ):
            tell_customer(session, vault, words, promise, hotline, "text.discharged", now)
        let_go(session, call.key)
    return wait.language


def _promise_served(session: orm.Session, call: Call, wait: Wait) -> Promise | None:
    """The open promise that a conversation with this caller makes needless; None if there is none.

    The one about their matter; from a call that is about none in particular, the one to their number that is due first.
    """
    if wait.case_id is not None:
        return open_promise_of_case(session, wait.case_id)
    return open_promise_of(session, call.caller_index) if call.caller_index is not None else None


def _agent_language(session: orm.Session, attempt: Attempt) -> str:
    """The language the agent is spoken to: the first of their own."""
    return str(ask_one(session, _LANGUAGES, staff_id=attempt.staff_id)[0])
