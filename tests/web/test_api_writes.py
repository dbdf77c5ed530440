"""What other systems write: once, through the services of the desk, in somebody's name, and never behind a back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.domain.scope import Scope
from app.models.api_request import ApiRequest
from app.models.audit import AuditEntry
from app.models.billing_order import BillingOrder
from app.models.call import asked_not_to_be_called
from app.models.case import Case, CaseEvent
from app.models.draft import Draft
from app.models.journal import details_of, end_promise
from app.models.outbox import OutboxItem
from app.models.promise import Promise
from app.models.recall import RecallAnswer, RecallRow
from app.models.recall_progress import RecallCorrection
from app.models.records import open_record
from app.services.add_token import add_token
from app.services.answer_once import KEPT, forget_requests
from tests.web.make import CUSTOMER, make_case, make_promise

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COMPLAINT = {
    "kind": "complaint",
    "hotline": "haushalt",
    "complainant": {"name": "Ana", "phone": "030 23125042", "reply_medium": "call"},
    "matter": {"kinds": ["dissatisfaction"], "product": "Wasserkocher", "narrative": "Er pfeift.", "points": ["Geld"]},
    "call_back": {},
}


@pytest.fixture
def token(runtime, staff):
    with runtime.database.sessions.begin() as session:
        return add_token(session, "web site", scopes=Scope, acts_for=staff["Max"], wall_now=runtime.wall.now())


@pytest.fixture
def send(web, token):
    """The other system: sends a body under a key and gives back what came."""

    def ask(path, body, key="k-1", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, **named}
        return web.test_client().post(f"/api/v1{path}", json=body, headers={n: v for n, v in headers.items() if v})

    return ask


@pytest.fixture
def matter(session, runtime, staff):
    """A complaint with an open promise."""
    case = make_case(session, runtime.vault, runtime.clock.now())
    make_promise(session, runtime.vault, case, runtime.clock.now())
    session.commit()
    return f"/cases/{case.protocol}"


def count(session, model):
    session.expire_all()
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def history(session, runtime):
    session.expire_all()
    return [
        (event.kind, event.actor, details_of(runtime.vault, event).get("through"))
        for event in session.scalars(sa.select(CaseEvent).order_by(CaseEvent.id))
    ]


def test_a_complaint_from_a_web_site_is_on_record_with_a_promise_and_a_receipt(send, session, runtime, staff):
    answer = send("/cases", COMPLAINT)

    told = answer.get_json()
    case = session.scalars(sa.select(Case)).one()
    record = open_record(runtime.vault, case)
    assert (answer.status_code, told["protocol"], told["promise"]["due_at"][:10]) == (201, case.protocol, "2026-03-02")
    assert (case.channel, case.source, case.language, record.complainant.phone) == ("web", "api", "de", CUSTOMER)
    assert (record.matter.product, record.matter.points[0].text, record.matter.demand_type) == (
        "Wasserkocher", "Geld", "complaint",
    )  # fmt: skip
    text = session.scalars(sa.select(OutboxItem)).one()
    assert case.protocol[:3] in runtime.vault.open(text.payload, f"outbox:{text.key}")["body"].replace(" ", "")
    max_ = f"staff:{staff['Max'].id}"
    assert history(session, runtime) == [("received", max_, "web site"), ("promised", max_, "web site")]
    entry = session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.staff_id, entry.subject) == ("api.file_case", staff["Max"].id, "/api/v1/cases")


def test_the_same_write_sent_again_changes_nothing_and_another_under_its_key_is_refused(send, session, runtime):
    first, again = send("/cases", COMPLAINT), send("/cases", COMPLAINT)
    other = send("/cases", {**COMPLAINT, "kind": "information"})

    assert (first.get_json(), first.status_code) == (again.get_json(), again.status_code)
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert (other.status_code, other.get_json()["error"]["field"]) == (422, "Idempotency-Key")
    assert (count(session, Case), count(session, Promise), count(session, OutboxItem)) == (1, 1, 1)
    kept = session.scalars(sa.select(ApiRequest)).one()
    assert [secret for secret in ("Ana", CUSTOMER, "k-1") if secret in kept.answer + kept.key] == []
    assert forget_requests(runtime.database, wall_now=runtime.wall.now() + KEPT) == 0
    assert forget_requests(runtime.database, wall_now=runtime.wall.now() + KEPT + timedelta(seconds=1)) == 1
    assert send("/cases", COMPLAINT).get_json()["protocol"] != first.get_json()["protocol"]


def test_the_same_write_sent_ten_times_at_once_happens_once(send, session, matter):
    """Each has a connection of its own, as in processes of their own; who comes second waits for the first."""
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: send(f"{matter}/notes", {"text": "Rückruf gewünscht"}), range(10)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert [kind for (kind,) in session.execute(sa.select(CaseEvent.kind))].count("note") == 1


def test_a_death_before_the_commit_leaves_nothing_and_one_after_it_the_answer(send, session, matter, web, runtime):
    """Whoever dies with the transaction open has done nothing; whoever dies after it has done it, and says so again."""

    def die(_session):
        raise SystemExit(9)

    sa.event.listen(runtime.database.sessions, "before_commit", die)
    with pytest.raises(SystemExit):
        send(f"{matter}/notes", {"text": "eins"})
    sa.event.remove(runtime.database.sessions, "before_commit", die)
    assert (count(session, ApiRequest), count(session, CaseEvent)) == (0, 1)

    sa.event.listen(runtime.database.sessions, "after_commit", die)
    with pytest.raises(SystemExit):
        send(f"{matter}/notes", {"text": "eins"})
    sa.event.remove(runtime.database.sessions, "after_commit", die)
    again = send(f"{matter}/notes", {"text": "eins"})

    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert (count(session, ApiRequest), count(session, CaseEvent)) == (1, 2)


def test_who_comes_too_late_is_told_who_was_faster(send, session, matter, runtime, staff):
    promise = session.scalars(sa.select(Promise)).one()
    ada = f"staff:{staff['Ada'].id}"
    assert end_promise(session, runtime.vault, promise, "kept", ada, runtime.clock.now())
    session.commit()

    late = send(f"/promises/{promise.id}/withdraw", {}).get_json()["error"]
    moved = send(f"/promises/{promise.id}/move", {"not_before_at": None}, "k-2").get_json()["error"]
    old = send(f"{matter}/notes", {"text": "alt"}, "k-3", If_Match='"1"')
    new = send(f"{matter}/notes", {"text": "neu"}, "k-3", If_Match='"2"')

    assert (late["status"], late["latest"]["kind"], late["latest"]["actor"]) == (409, "kept", ada)
    assert (moved["status"], moved["latest"]["version"]) == (409, 2)
    assert (old.status_code, old.get_json()["error"]["latest"]["version"]) == (412, 2)
    assert (new.status_code, new.get_json()["version"]) == (201, 3)


def test_a_promise_is_asked_for_moved_and_withdrawn(send, session, runtime):
    case = make_case(session, runtime.vault, runtime.clock.now())
    session.commit()
    made = send(f"/cases/{case.protocol}/promises", {}, "k-1")
    stands = send(f"/cases/{case.protocol}/promises", {"not_before_at": None}, "k-2")
    wish = "2026-03-04T09:00:00+01:00"
    moved = send(f"/promises/{made.get_json()['id']}/move", {"not_before_at": wish}, "k-3")
    too_far = send(f"/promises/{moved.get_json()['id']}/move", {"not_before_at": "2027-01-01T00:00:00Z"}, "k-4")
    gone = send(f"/promises/{moved.get_json()['id']}/withdraw", {}, "k-5")

    assert (made.status_code, stands.status_code) == (201, 200)
    assert stands.get_json() == made.get_json()
    assert (moved.status_code, moved.get_json()["not_before_at"]) == (201, "2026-03-04T08:00:00Z")
    assert too_far.get_json()["error"]["field"] == "call_at"
    assert (gone.status_code, gone.get_json()["promise"]) == (200, None)
    session.expire_all()
    assert session.scalars(sa.select(Promise.status).order_by(Promise.id)).all() == ["moved", "withdrawn"]


@one_database
def test_a_case_is_closed_only_with_what_the_desk_asks_for_too(send, session, runtime, staff):
    case = make_case(session, runtime.vault, runtime.clock.now(), {"matter.points": ({"text": "Geld"},)})
    ben = add_token(session, "of Ben", scopes=["cases:write"], acts_for=staff["Ben"], wall_now=runtime.wall.now())
    session.commit()
    path, outcome = f"/cases/{case.protocol}/outcome", {"disposition": "solved", "response": "Wir haben gezahlt."}
    answered = {**outcome, "answers": [{"point": "Geld", "answer": "granted"}]}
    open_point = send(path, outcome, "k-1")
    too_much = send(path, {**answered, "redress_cents": 10**9}, "k-2", Authorization=f"Bearer {ben}")
    done = send(path, {**answered, "redress_cents": 10**9}, "k-3")
    again = send(path, outcome, "k-4").get_json()["error"]

    assert (open_point.status_code, open_point.get_json()["error"]["field"]) == (422, "points")
    assert (too_much.status_code, too_much.get_json()["error"]["field"]) == (422, "redress")
    assert (done.status_code, done.get_json()["status"]) == (200, "closed")
    assert (again["status"], again["latest"]["kind"]) == (409, "closed")


def test_a_number_that_refuses_calls_gets_none(send, session, runtime, matter):
    marked = send("/do-not-call", {"phone": "0049 30 23125042", "refused": True}, "k-1")
    refused = send(f"{matter}/promises", {}, "k-2")
    filed = send("/cases", COMPLAINT, "k-3")
    unknown = send("/do-not-call", {"phone": "030 23125099", "refused": True}, "k-4")

    assert marked.get_json() == {"refused": True, "promises_withdrawn": 1}
    assert (refused.status_code, filed.status_code) == (409, 409)
    assert unknown.status_code == 200
    session.expire_all()
    assert asked_not_to_be_called(session, runtime.vault.index("+493023125099"))
    assert count(session, Case) == 1  # nothing of what was refused is left


@one_database
def test_recalls_come_into_the_catalogue_and_their_remedies_are_counted(send, session, runtime):
    recall = {"number": "26-001", "title": "Wasserkocher", "model": "WK-100, WK-200", "date": "2026-02-01"}
    first = send("/recalls", {"recalls": [recall]}, "k-1")
    again = send("/recalls", {"recalls": [recall, {**recall, "number": "26-002"}]}, "k-2")
    case = make_case(session, runtime.vault, runtime.clock.now(), kind="recall")
    now, row = runtime.clock.now(), session.scalars(sa.select(RecallRow).order_by(RecallRow.id)).first()
    answer = RecallAnswer(key="a", recall_id=row.id, case_id=case.id, certainty="exact", said_at=now)
    session.add(answer)
    session.commit()
    done = send(f"/cases/{case.protocol}/remedy", {"recall": "26-001", "correction": "refund"}, "k-3")
    twice = send(f"/cases/{case.protocol}/remedy", {"recall": "26-001", "correction": "refund"}, "k-4")

    assert first.get_json() == {"imported": 1, "changed": 0, "unchanged": 0, "left_out": []}
    assert again.get_json() | {"left_out": []} == {"imported": 1, "changed": 0, "unchanged": 1, "left_out": []}
    assert (done.status_code, twice.status_code) == (200, 409)
    assert count(session, RecallCorrection) == 1


@one_database
def test_an_undue_charge_is_suspended_at_once_and_decided_once(send, session, runtime):
    protocol = send("/cases", {**COMPLAINT, "matter": {"undue_charge": True}, "call_back": None}).get_json()["protocol"]
    suspended = send(f"/cases/{protocol}/charge", {"invoice": "R-1"}, "k-2").get_json()
    verdict = {"decision": "reversed", "reason": "doppelt"}
    decided = send(f"/cases/{protocol}/charge/decision", verdict, "k-3").get_json()
    again = send(f"/cases/{protocol}/charge/decision", {**verdict, "decision": "stands"}, "k-4")

    assert (suspended["decision"], decided["decision"], again.status_code) == (None, "reversed", 409)
    session.expire_all()
    kinds = session.scalars(sa.select(BillingOrder.kind).order_by(BillingOrder.id)).all()
    assert kinds == ["suspend", "identify", "reverse"]


@one_database
def test_somebody_hurt_goes_first(send, session):
    send("/cases", {**COMPLAINT, "matter": {"injury": True}})

    assert session.scalars(sa.select(Case.severity)).one() == "safety"
    assert session.scalars(sa.select(Promise.urgent)).one() is True


REFUSED = [
    ("/cases", COMPLAINT, {"Idempotency_Key": ""}, 400, "Idempotency-Key"),
    ("/cases", COMPLAINT, {"Idempotency_Key": "ö"}, 400, "Idempotency-Key"),
    ("/cases", {**COMPLAINT, "color": "red"}, {}, 422, "color"),
    ("/cases", {**COMPLAINT, "complainant": {"status": "x"}}, {}, 422, "complainant.status"),
    ("/cases", {**COMPLAINT, "complainant": {"phone": "0900 1234567"}}, {}, 422, "complainant.phone"),
    ("/cases", {**COMPLAINT, "complainant": {}}, {}, 422, "complainant.phone"),
    ("/cases", {**COMPLAINT, "matter": {"narrative": "\x00"}}, {}, 422, "matter.narrative"),
    ("/cases", {**COMPLAINT, "matter": {"purchased_on": "20260301"}}, {}, 422, "matter.purchased_on"),
    ("/cases", {**COMPLAINT, "kind": "cancellation"}, {}, 422, "kind"),
    ("/cases", {**COMPLAINT, "hotline": "none"}, {}, 422, "hotline"),
    ("/cases", {**COMPLAINT, "language": "fr"}, {}, 422, "language"),
    ("/cases", {**COMPLAINT, "call_back": {"not_before_at": "9999-12-31T23:59:59-14:00"}}, {}, 422,
     "call_back.not_before_at"),
    ("/cases/2600000000/notes", {"text": "x"}, {}, 404, None),
    ("/promises/99999999999/withdraw", {}, {}, 404, None),
    ("/cases/2612345679/notes", {"text": "x" * 5_001}, {}, 422, "text"),
    ("/cases/2612345679/notes", {"text": "x"}, {"If_Match": "yesterday"}, 422, "If-Match"),
    ("/cases/2612345679/notes", {"text": "x"}, {"Content_Type": "text/plain"}, 415, None),
    ("/cases/2612345679/notes", {"text": "x" * 600_000}, {}, 413, None),
]  # fmt: skip


@one_database
def test_what_cannot_be_taken_is_named_and_leaves_nothing(send, session, matter):
    told = [(send(path, body, **headers), status, field) for path, body, headers, status, field in REFUSED]

    for (answer, status, field), (*asked, _, _) in zip(told, REFUSED, strict=True):
        error = answer.get_json()["error"]
        assert (answer.status_code, error["status"], error["field"]) == (status, status, field), asked
    assert (count(session, Case), count(session, ApiRequest), count(session, CaseEvent)) == (1, 0, 1)


@one_database
def test_a_body_that_is_no_json_is_refused(web, token):
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k", "Content-Type": "application/json"}
    for raw in (b"", b"{", b"[1", b'"\\ud800"', b"\xff"):
        answer = web.test_client().post("/api/v1/do-not-call", data=raw, headers=headers)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "bad_request"), raw


@one_database
def test_the_desk_sees_through_what_it_was_written_and_keeps_its_drafts(send, matter, session, runtime, staff, ada):
    case = session.scalars(sa.select(Case)).one()
    draft = Draft(
        key="d", case_id=case.id, staff_id=staff["Max"].id, place="note", version=1, saved_at=case.received_at
    )
    draft.typed = runtime.vault.seal({"note": "halb"}, "drafts:d")
    session.add(draft)
    session.commit()
    send(f"{matter}/notes", {"text": "von der Website"})

    assert count(session, Draft) == 1
    assert "(through web site)" in ada.get(f"/desk{matter}").text
