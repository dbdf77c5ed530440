"""When something of ours fails during a call: an apology and a way to leave a message, and nothing is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.domain.protocol import is_protocol
from app.jobs.ticks import replay
from app.models.case import Case
from app.settings import Settings
from app.simulator.faults import Faults
from app.simulator.people import Person
from app.simulator.signature import sign
from app.simulator.transport import Reply, WsgiTransport
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.telephony.genuine import GENUINE
from tests.trust.oracle import promise_complaints
from tests.trust.passing_time import run_until_quiet

CORA = "+4915112345678"


@pytest.fixture
def office(settings: Settings) -> Iterator[VirtualOffice]:
    opened = VirtualOffice(settings)
    yield opened
    opened.close()


def take_database_away(office: VirtualOffice) -> Callable[[], None]:
    """Make every statement fail; gives what brings the database back."""
    database = office.runtime.database
    if database.is_sqlite:
        file = Path(database.url.removeprefix("sqlite:///"))
        database.dispose()
        away = file.with_suffix(".away")
        shutil.move(file, away)
        file.mkdir()  # nothing can be opened in its place

        def bring_back() -> None:
            database.dispose()
            file.rmdir()
            shutil.move(away, file)

        return bring_back

    def refuse(*_: object) -> None:
        raise sa.exc.OperationalError("connection refused", None, Exception("connection refused"))

    engines = {database.engine, database.single, database.reading}
    for engine in engines:
        sa.event.listen(engine, "checkout", refuse)
        engine.dispose()

    def connect_again() -> None:
        for engine in engines:
            sa.event.remove(engine, "checkout", refuse)

    return connect_again


def test_who_calls_while_the_database_is_away_leaves_a_message_that_becomes_a_complaint(office: VirtualOffice) -> None:
    bring_back = take_database_away(office)
    call = office.call(CORA)
    assert "Entschuldigen Sie" in call.last_heard
    call.say("Mein Wasserkocher hat gebrannt.").press("#")
    assert call.over
    answered = {(sent.status, sent.url) for sent in office.carrier.webhooks}
    bring_back()

    replay(office.office)
    replay(office.office)

    assert {status for status, _ in answered} == {200}
    with office.runtime.database.reads() as session:
        (case,) = session.scalars(sa.select(Case))
    assert (case.kind, case.severity) == ("complaint", "high")
    assert is_protocol(case.protocol)
    assert not list((office.runtime.settings.var_dir / "spool").glob("*"))


def test_a_call_in_which_the_database_goes_away_keeps_its_complaint(office: VirtualOffice) -> None:
    call = office.call(CORA)
    call.press("1").press("1")
    bring_back = take_database_away(office)
    call.press("1")
    call.say("Er ist durchgebrannt.").press("#")
    bring_back()

    replay(office.office)

    with office.runtime.database.reads() as session:
        (case,) = session.scalars(sa.select(Case))
        kinds = [event.kind for event in case.events]
    assert kinds.count("fallback") >= 1
    assert {sent.status for sent in office.carrier.webhooks} == {200}


def test_a_text_that_comes_while_the_database_is_away_is_taken_in_and_answered_later(office: VirtualOffice) -> None:
    bring_back = take_database_away(office)
    office.carrier.text(CORA, office.number, "Mein Kessel brennt")
    bring_back()

    replay(office.office)
    office.run(seconds=5)

    with office.runtime.database.reads() as session:
        (case,) = session.scalars(sa.select(Case))
    (answer,) = [text.body for text in office.carrier.texts if text.to == CORA and text.direction != "inbound"]
    assert (case.kind, case.source) == ("complaint", "text")
    assert case.protocol in answer.replace(" ", "")


def test_a_broken_entry_of_the_spool_holds_up_no_other(office: VirtualOffice) -> None:
    bring_back = take_database_away(office)
    office.call(CORA).say("Mein Wasserkocher hat gebrannt.").press("#")
    bring_back()
    spool = office.runtime.settings.var_dir / "spool"
    (spool / "broken.entry").write_bytes(b"\x02k1 nothing that was sealed here")

    replay(office.office)

    with office.runtime.database.reads() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1
    assert [file.name for file in spool.glob("*")] == ["broken.entry"]


ROUTES = {
    "/voice/incoming": "incoming",
    "/voice/turn/nobody/1": "keys",
    "/voice/status": "status",
    "/voice/wait/nobody": "queued",
    "/voice/wait/nobody/trade": "keys",
    "/voice/agent/nobody": "incoming",
    "/voice/agent/nobody/accept": "keys",
    "/voice/agent/nobody/done": "dialled",
    "/voice/leg/nobody": "status",
    "/voice/customer/nobody": "incoming",
    "/voice/customer/nobody/confirm": "keys",
    "/voice/customer/nobody/status": "child status",
    "/voice/meet/nobody": "met",
    "/voice/recording/nobody": "recording",
    "/voice/transcript/nobody": "transcription",
    "/voice/outreach/nobody": "incoming",
    "/voice/outreach/nobody/status": "status",
    "/voice/outreach-test/1": "incoming",
    "/voice/hold/nobody": "incoming",
    "/voice/hold/nobody/again": "incoming",
    "/voice/hold/nobody/agent": "incoming",
    "/voice/hold/nobody/colleague": "incoming",
    "/voice/hold/nobody/colleague/1/status": "status",
    "/voice/hold/nobody/colleague/accept": "keys",
    "/voice/hold/nobody/left": "queued",
    "/voice/hold/nobody/music": "queued",
    "/voice/fallback": "incoming",
    "/voice/fallback/recorded": "recorded",
    "/messages/incoming": "text",
    "/messages/status/1": "text status",
}


RUNG_BY_US = {path for path, kind in ROUTES.items() if ("Direction", "outbound-dial") in GENUINE[kind]}
"""What is told of legs that we placed: whoever is on them has nothing to leave."""


def post(office: VirtualOffice, path: str) -> Reply:
    url = office.runtime.settings.public_url + path
    params = [(name, ACCOUNT_SID if name == "AccountSid" else value) for name, value in GENUINE[ROUTES[path]]]
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": sign(AUTH_TOKEN, url, params),
    }
    return WsgiTransport(office.app)("POST", url, params, headers)


def test_every_route_of_the_network_is_tried(office: VirtualOffice) -> None:
    rules = {rule.rule for rule in office.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    named = {
        "/nobody/1": "/<key>/<int:number>",
        "/status/1": "/status/<int:item_id>",
        "/colleague/1": "/colleague/<int:staff_id>",
        "/outreach-test/1": "/outreach-test/<int:campaign_id>",
        "nobody": "<key>",
    }
    tried = set(ROUTES)
    for told, name in named.items():
        tried = {path.replace(told, name) for path in tried}

    assert {rule for rule in rules if rule.startswith(("/voice", "/messages"))} == tried


DOCUMENT = b'<?xml version="1.0" encoding="UTF-8"?><Response>'


def test_no_route_answers_with_an_error_while_the_database_is_away(office: VirtualOffice) -> None:
    bring_back = take_database_away(office)

    answers = {path: post(office, path) for path in ROUTES}

    bring_back()
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(ROUTES, 200)
    assert [path for path, answer in answers.items() if not answer.body.startswith(DOCUMENT)] == []


def test_no_route_answers_with_an_error_whatever_fails_in_it(
    office: VirtualOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError("something nobody thought of")

    routes = office.app.url_map.bind("127.0.0.1")
    for path in ROUTES:
        monkeypatch.setitem(office.app.view_functions, routes.match(path, "POST")[0], fail)
    answers = {path: post(office, path) for path in ROUTES}

    apologies = {path for path, answer in answers.items() if b"/voice/fallback/recorded" in answer.body}
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(ROUTES, 200)
    assert apologies == {path for path in ROUTES if path.startswith("/voice") and path not in RUNG_BY_US}
    assert [path for path, answer in answers.items() if b"ZeroDivision" in answer.body] == []


@pytest.mark.parametrize(
    "faults",
    [
        Faults(rest_timeout=0.4),
        Faults(rest_error=0.4),
        Faults(rest_busy=0.5),
        Faults(lose=0.5),
        Faults(lose=0.3, duplicate=3, reorder=True, rest_timeout=0.2, rest_error=0.2, rest_busy=0.2),
    ],
    ids=lambda faults: str({name: value for name in faults.__slots__ if (value := getattr(faults, name))}),
)
def test_every_promise_ends_and_nobody_is_rung_twice_whatever_the_network_does(
    settings: Settings, faults: Faults
) -> None:
    office = VirtualOffice(settings, seed=5, faults=faults)
    for place in range(4):
        office.hire(f"Agent{place}", f"+49301234567{place}")
    for place in range(12):
        number = f"+49151123456{place:02d}"
        office.carrier.introduce(number, Person())
        office.call(number).press("1").hang_up()
    run_until_quiet(office)

    customers = {f"+49151123456{place:02d}" for place in range(12)}
    rings = [leg for leg in office.carrier.calls if leg.direction == "outbound-dial" and leg.to in customers]
    ends = [promise.status for promise in office.promises()]
    left = [sentence for sentence in promise_complaints(office) if "waits" not in sentence]
    office.close()
    assert left == []
    assert ends == ["kept"] * 12, ends
    assert len(rings) == 12
