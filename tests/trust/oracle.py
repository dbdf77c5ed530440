"""What must hold of every office, whatever happened in it: told in sentences, one for each thing that does not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.domain.promise import ENDED
from app.domain.protocol import is_protocol
from app.ivr.interpreter import GRACE, MAX_WAITS
from app.models.call import Call, Wait
from app.models.case import Case, CaseEvent
from app.models.journal import details_of
from app.models.promise import Attempt, Promise
from app.models.records import open_record
from app.models.staff import Staff
from app.models.turns import heard_of
from tests.trust.schema import schema_complaints

# where other flows end, too
SHARED = ("complaint.closing", "complaint.closing_without", "complaint.goodbye", "complaint.farewell")
MOST_TURNS = MAX_WAITS + GRACE + 20  # recordings and queues count as well as keys


def wire_complaints(office: VirtualOffice) -> Iterator[str]:
    """What was wrong between the network and us: failures, apologies, documents that Twilio would refuse."""
    for sent in office.carrier.webhooks:
        if sent.status not in (200, 204):
            yield f"{sent.url} was answered with {sent.status}"
        if "/voice/fallback" in sent.document or "/voice/fallback" in sent.url:
            yield f"{sent.url} apologized: {sent.params}"
    spoken = {
        (sent.document, "/messages/" in sent.url) for sent in office.carrier.webhooks if "<Response" in sent.document
    }
    for document, is_text in sorted(spoken):
        yield from schema_complaints(document, is_text=is_text)
    for fault in office.carrier.faults_seen:
        yield f"{fault.code} {fault.message} {fault.url}"


def call_complaints(office: VirtualOffice) -> Iterator[str]:
    """Calls without end, and callers who chose complaint and have none."""
    vault = office.runtime.vault
    with office.runtime.database.reads() as session:
        cases = defaultdict(list)
        for case in session.scalars(sa.select(Case)):
            cases[case.call_key].append(case)
            if not is_protocol(case.protocol):
                yield f"{case.protocol} is no protocol number"
            if open_record(vault, case).receipt.protocol != case.protocol:
                yield f"the record of {case.protocol} has another protocol number"
        for call in session.scalars(sa.select(Call)):
            turns = heard_of(session, vault, call.key)
            if [row.number for row, _ in turns] != list(range(len(turns))):
                yield f"call {call.key} has holes in its turns"
            if len(turns) > MOST_TURNS:
                yield f"call {call.key} took {len(turns)} turns"
            if _chose_complaint(turns) and "complaint" not in [case.kind for case in cases[call.key]]:
                yield f"call {call.key} chose complaint and has none"
            if call.settled_at is None:
                yield f"call {call.key} was never settled"


def _chose_complaint(turns: list) -> bool:
    pressed = any(
        before[0].node == "main.subject" and after[1]["h"].get("keys") == "1" for before, after in pairwise(turns)
    )
    return pressed or any(row.node.startswith("complaint.") and row.node not in SHARED for row, _ in turns)


def promise_complaints(office: VirtualOffice) -> Iterator[str]:
    """Promises without exactly one end, and what is left under way when all is over."""
    vault = office.runtime.vault
    with office.runtime.database.reads() as session:
        ends = Counter()
        for event in session.scalars(sa.select(CaseEvent).where(CaseEvent.kind.in_([str(end) for end in ENDED]))):
            ends[details_of(vault, event).get("promise")] += 1
        for promise in session.scalars(sa.select(Promise)):
            if promise.status not in ENDED or promise.ended_at is None:
                yield f"promise {promise.id} is {promise.status}, due {promise.due_at}, at {office.clock.now()}"
            if ends[promise.id] != 1:
                yield f"promise {promise.id} ({promise.status}) ended {ends[promise.id]} times"
            if promise.status == "kept" and promise.ended_at > promise.due_at:
                yield f"promise {promise.id} was kept too late"
            if promise.legal_due_at is not None and promise.due_at > promise.legal_due_at:
                yield f"promise {promise.id} was made for later than the law allows"
        for attempt in session.scalars(sa.select(Attempt).where(Attempt.stage != "ended")):
            yield f"attempt {attempt.id} is still {attempt.stage}"
        for wait in session.scalars(sa.select(Wait).where(Wait.ended_at.is_(None))):
            yield f"a caller still waits: {wait.status}"
        for agent in session.scalars(sa.select(Staff).where(Staff.engaged_with.is_not(None))):
            yield f"{agent.name} is still engaged"


def double_rings(office: VirtualOffice) -> Iterator[str]:
    """Dials that were in flight to one number at the same time."""
    dialled = defaultdict(list)
    for leg in office.carrier.calls:
        if leg.direction != "inbound":
            dialled[leg.to].append(leg)
    for number, legs in dialled.items():
        legs.sort(key=lambda leg: leg.created_at)
        for first, second in pairwise(legs):
            if first.ended_at is None or second.created_at < first.ended_at:
                yield f"{number} was rung again at {second.created_at}, before {first.ended_at}"


def complaints_about(office: VirtualOffice) -> list[str]:
    """Everything that does not hold."""
    checks = (wire_complaints, call_complaints, promise_complaints, double_rings)
    return [sentence for check in checks for sentence in check(office)]
