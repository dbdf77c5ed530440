"""An agent's telephone in the browser: who is rung there, with what token, and what happens when the page is closed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import OctKey

from app.cli.virtual_office import VirtualOffice
from app.domain.telephone import address_of, addresses_of
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.settings import Settings, SettingsFault
from tests.web.busy_office import KLARA, token_of
from tests.web.conftest import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY, SECRET = "SK" + "7" * 32, "the secret of an API key of this account"
ADA, BEN = "+493023125001", "+493023125002"


@pytest.fixture
def settings(environ, database_url):
    key = {"TWILIO_API_KEY_SID": KEY, "TWILIO_API_KEY_SECRET": SECRET}
    return Settings.read({**environ, **key, "DATABASE_URL": database_url})


@pytest.fixture
def office(settings):
    """Klara has complained and is promised a call; Ada is there, and Ben as soon as he comes back."""
    opened = VirtualOffice(settings)
    opened.carrier.softphones.keys[KEY] = SECRET
    opened.hire("Ada", ADA, "en", "de", available=False)
    opened.hire("Ben", BEN, "en", "de", available=False)
    call = opened.call(KLARA)
    call.press("1").press("1").press("1").say("Ein Wasserkocher").press("1").say("Er pfeift.").press("#")
    for key in ("2", "1", "1", "1"):
        if not call.leg.over:
            call.press(key)
    call.hang_up()
    opened.run(minutes=5)
    yield opened
    opened.close()


def at_desk(office, name):
    browser = office.app.test_client()
    with browser.session_transaction() as kept:
        kept["login"] = token_of(office, name)
    return Visitor(browser)


def row_of(office, name):
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(Staff).where(Staff.name == name)).one()


def attempts(office):
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(Attempt).order_by(Attempt.id)).all()


def legs_to(office, start):
    return [leg.to for leg in office.carrier.calls if leg.to.startswith(start)]


def open_page(office, name="Ada", *, network=True):
    """Somebody chooses the browser and opens the page; gives their browser and the name they are rung under."""
    visitor = at_desk(office, name)
    visitor.send("/desk/telephone/choice", where="browser")
    visitor.send("/desk/telephone/state", open="yes")
    address = row_of(office, name).softphone_name
    if network:
        office.carrier.softphones.register(address, for_good=True)
    return visitor, f"client:{address}"


def come_back(visitor):
    visitor.send("/desk/presence", available="yes")


def ring_at(office, visitor):
    """One click rings Ada and then Klara."""
    with office.runtime.database.reads() as session:
        promise_id = session.scalar(sa.select(Promise.id))
    return visitor.send(f"/desk/promises/{promise_id}/call").headers["Location"]


def test_a_callback_is_answered_in_the_browser_with_the_key_1(office):
    ada, address = open_page(office)
    page = ring_at(office, ada)
    office.run(seconds=3)
    (line,) = office.carrier.ringing(address)
    line.answer()
    whisper = line.last_heard
    line.press("1", settle=False)
    office.run(seconds=30)
    talks = ada.get(page).text

    assert "press 1" in whisper
    assert "You are talking with the customer" in talks
    assert legs_to(office, ADA) == []
    assert ada.send("/desk/telephone/state", open="yes").json["call"] == page
    line.hang_up()
    office.run(seconds=5)
    (attempt,) = attempts(office)
    assert attempt.result == "connected"


def test_a_page_that_was_closed_fails_at_once_and_the_number_rings_instead(office):
    """The browser died without a word: the office believes it open, the network knows better."""
    ada, address = open_page(office, network=False)
    come_back(ada)
    office.run(minutes=1)

    first, second = attempts(office)
    assert legs_to(office, "client:") == [address]
    assert legs_to(office, ADA) == [ADA]
    assert (first.result, first.dialled_at) == ("agent_unreachable", None)
    assert (second.result, second.staff_id) == ("connected", first.staff_id)
    assert second.started_at - first.started_at < timedelta(seconds=10)
    assert row_of(office, "Ada").softphone_until is None


def test_who_has_no_number_and_a_closed_page_is_passed_over_for_the_next(office):
    ada, _ = open_page(office, network=False)
    come_back(ada)
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Staff).where(Staff.name == "Ada").values(phone=None))
    come_back(at_desk(office, "Ben"))
    ada.send("/desk/telephone/state", open="yes")
    office.run(minutes=2)

    results = [(attempt.staff_id, attempt.result) for attempt in attempts(office)]
    ada_id, ben_id = row_of(office, "Ada").id, row_of(office, "Ben").id
    assert results[-1] == (ben_id, "connected")
    assert [result for who, result in results if who == ada_id] in ([], ["agent_unreachable"])
    assert ada.send(f"/desk/promises/{1}/call").status_code == 409


def test_who_does_not_answer_an_open_page_has_not_answered(office):
    ada, address = open_page(office)
    come_back(ada)
    for _ in range(4):
        office.run(seconds=20)
        ada.send("/desk/telephone/state", open="yes")

    assert attempts(office)[0].result == "agent_silent"
    assert legs_to(office, "client:")[0] == address


def test_a_click_that_got_no_answer_is_found_again_in_the_browser(office):
    """The network rang the page, but its answer was lost: the office looks for the leg where it may be."""
    ada, address = open_page(office)
    office.carrier.faults = replace(office.carrier.faults, rest_timeout=1.0, lose=1.0)
    ring_at(office, ada)
    office.carrier.faults = replace(office.carrier.faults, rest_timeout=0.0)
    office.run(seconds=30)

    (attempt,) = attempts(office)
    assert attempt.network_id == next(leg.sid for leg in office.carrier.calls if leg.to == address)


def test_a_token_lets_one_page_be_called_for_ten_minutes_and_nothing_else(office):
    ada = at_desk(office, "Ada")
    refused = ada.send("/desk/telephone/token")
    ada, address = open_page(office)
    given = ada.send("/desk/telephone/token").json
    token = jwt.decode(given["token"], OctKey.import_key(SECRET), algorithms=["HS256"])
    now = int(office.clock.now().timestamp())

    assert refused.status_code == 409
    assert given["seconds"] == 600
    assert token.header["cty"] == "twilio-fpa;v=1"
    assert (token.claims["iss"], token.claims["sub"]) == (KEY, office.runtime.settings.twilio_account_sid)
    assert (token.claims["nbf"], token.claims["exp"]) == (now, now + 600)
    assert token.claims["grants"] == {
        "identity": address.removeprefix("client:"),
        "voice": {"incoming": {"allow": True}},
    }
    assert re.fullmatch(r"client:[0-9a-f]{24}", address)
    assert office.carrier.softphones.believe(given["token"], office.carrier.account_sid) == address.split(":")[1]
    assert at_desk(office, "Ben").send("/desk/telephone/token").status_code == 409
    assert office.app.test_client().post("/desk/telephone/token").status_code == 400
    assert Visitor(office.app.test_client()).send("/desk/telephone/token").status_code == 303


def test_logging_out_and_dismissal_close_the_page_for_good(office):
    from app.services.add_staff import disable_staff

    ada, _ = open_page(office)
    assert address_of(row_of(office, "Ada"), office.clock.now()).startswith("softphone:")
    assert "Telephone open" in ada.get("/desk/").text
    ada.send("/desk/logout")
    logged_out = row_of(office, "Ada")
    ben, _ = open_page(office, "Ben")
    with office.runtime.database.sessions.begin() as session:
        disable_staff(session, row_of(office, "Ben").email, wall_now=office.clock.now())

    assert address_of(logged_out, office.clock.now()) == ADA
    assert addresses_of(logged_out) == [ADA, f"softphone:{logged_out.softphone_name}"]
    assert ben.browser.post("/desk/telephone/token").status_code == 400  # not even the form is taken
    assert row_of(office, "Ben").softphone_until is None


def test_a_page_that_says_nothing_is_taken_to_be_closed(office):
    ada, _ = open_page(office)
    office.run(seconds=160)

    assert address_of(row_of(office, "Ada"), office.clock.now()) == ADA
    assert "Telephone closed: open it" in ada.get("/desk/").text
    ada.send("/desk/telephone/choice", where="number")
    assert "Telephone closed" not in ada.get("/desk/").text
    assert ada.send("/desk/telephone/state", open="yes").json["wanted"] is False
    assert row_of(office, "Ada").softphone_until is None


def test_only_the_open_telephone_may_hear_and_reach_the_network(office):
    ada = at_desk(office, "Ada")
    before = ada.get("/desk/telephone").headers
    open_page(office)
    page, queue = ada.get("/desk/telephone"), ada.get("/desk/")

    for closed in (before, queue.headers):
        assert "microphone=()" in closed["Permissions-Policy"]
        assert "connect-src 'self';" in closed["Content-Security-Policy"]
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    assert "connect-src 'self' http://127.0.0.1:18001;" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "twilio-voice" not in queue.text


def test_each_token_stands_in_the_audit_trail_and_no_sign_of_life_does(office):
    from app.models.audit import AuditEntry

    ada, _ = open_page(office)
    ada.send("/desk/telephone/token")
    with office.runtime.database.reads() as session:
        noted = session.scalars(sa.select(AuditEntry.action)).all()

    assert noted.count("desk.telephone_token") == 1
    assert "desk.telephone_choice" in noted or "desk.choose_telephone" in noted
    assert "desk.telephone_state" not in noted


def test_a_key_without_its_secret_stops_the_start(environ, database_url):
    with pytest.raises(SettingsFault, match="TWILIO_API_KEY_SECRET and TWILIO_API_KEY_SID belong together"):
        Settings.read({**environ, "DATABASE_URL": database_url, "TWILIO_API_KEY_SID": KEY})
