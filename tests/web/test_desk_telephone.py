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
from app.models.audit import AuditEntry
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.services.add_staff import disable_staff
from app.services.softphone import give_up_softphone
from app.settings import Settings, SettingsFault
from tests.conftest import ACCOUNT_SID
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


def chosen(visitor, session):
    """Ada has chosen the browser and opened its page; gives her row."""
    visitor.send("/desk/telephone/choice", where="browser")
    visitor.send("/desk/telephone/state", open="yes")
    return looked_at(session, "Ada")


def looked_at(session, name):
    session.expire_all()
    return session.scalars(sa.select(Staff).where(Staff.name == name)).one()


def test_a_token_lets_one_page_be_called_for_ten_minutes_and_nothing_else(web, ada, as_, session, clock):
    too_early = ada.send("/desk/telephone/token").status_code
    name = chosen(ada, session).softphone_name
    given = ada.send("/desk/telephone/token").json
    token = jwt.decode(given["token"], OctKey.import_key(SECRET), algorithms=["HS256"])
    now = int(clock.now().timestamp())

    assert (too_early, given["seconds"]) == (409, 600)
    assert token.header["cty"] == "twilio-fpa;v=1"
    assert (token.claims["iss"], token.claims["sub"]) == (KEY, ACCOUNT_SID)
    assert (token.claims["nbf"], token.claims["exp"]) == (now, now + 600)
    assert token.claims["grants"] == {"identity": name, "voice": {"incoming": {"allow": True}}}
    assert re.fullmatch(r"[0-9a-f]{24}", name)
    assert as_("Ben").send("/desk/telephone/token").status_code == 409  # who did not choose it
    assert web.test_client().post("/desk/telephone/token").status_code == 400  # no form of ours
    assert Visitor(web.test_client()).send("/desk/telephone/token").status_code == 303  # not logged in
    session.expire_all()
    noted = [entry.action for entry in session.scalars(sa.select(AuditEntry))]
    assert (noted.count("desk.telephone_token"), noted.count("desk.telephone_state")) == (1, 0)


def test_the_page_counts_as_open_while_it_says_so_and_its_login_lasts(ada, as_, session, runtime, clock):
    now = clock.now()
    address = address_of(chosen(ada, session), now)
    shown = ada.get("/desk/").text
    lapsed = address_of(looked_at(session, "Ada"), now + timedelta(seconds=151))
    ada.send("/desk/telephone/state", open="no")
    said_goodbye = address_of(looked_at(session, "Ada"), now)
    closed = ada.get("/desk/").text
    ada.send("/desk/telephone/state", open="yes")
    ada.send("/desk/logout")
    logged_out = looked_at(session, "Ada")
    again = as_("Ada")
    again.send("/desk/telephone/choice", where="number")
    not_wanted = again.send("/desk/telephone/state", open="yes").json["wanted"]
    again.send("/desk/telephone/choice", where="browser")
    again.send("/desk/telephone/state", open="yes")
    with runtime.database.sessions.begin() as office:
        disable_staff(office, logged_out.email, wall_now=now)

    assert address == f"softphone:{logged_out.softphone_name}"
    assert (lapsed, said_goodbye, address_of(logged_out, now)) == (ADA, ADA, ADA)
    assert ("Telephone open" in shown, "Telephone closed: open it" in closed) == (True, True)
    assert not_wanted is False
    assert address_of(looked_at(session, "Ada"), now) == ADA
    assert addresses_of(logged_out) == [ADA, address]  # where a leg is looked for whose dialler died


def test_only_the_open_telephone_may_hear_and_reach_the_network(ada, session):
    before = ada.get("/desk/telephone").headers
    chosen(ada, session)
    page, queue = ada.get("/desk/telephone"), ada.get("/desk/")

    for closed in (before, queue.headers):
        assert "microphone=()" in closed["Permissions-Policy"]
        assert "connect-src 'self';" in closed["Content-Security-Policy"]
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    assert "connect-src 'self' http://127.0.0.1:18001;" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "twilio-voice" not in queue.text


def test_nobody_is_available_without_any_telephone(ada, session):
    chosen(ada, session).phone = None
    session.commit()
    stays = ada.send("/desk/telephone/choice", where="number").status_code
    ada.send("/desk/presence", available="no")
    goes = ada.send("/desk/telephone/choice", where="number").status_code

    assert (stays, goes) == (422, 303)
    assert ada.send("/desk/presence", available="yes").status_code == 422


def test_a_softphone_that_the_network_will_never_ring_gives_way_to_the_number(ada, session):
    ada_id = chosen(ada, session).id
    give_up_softphone(session, ada_id)
    with_number = session.get_one(Staff, ada_id).available
    session.execute(sa.update(Staff).where(Staff.id == ada_id).values(phone=None))
    give_up_softphone(session, ada_id)
    session.flush()
    session.refresh(found := session.get_one(Staff, ada_id))

    assert (with_number, found.available, found.rings_softphone) == (True, False, False)
    session.rollback()


def test_a_key_without_its_secret_stops_the_start(environ, database_url):
    with pytest.raises(SettingsFault, match="TWILIO_API_KEY_SECRET and TWILIO_API_KEY_SID belong together"):
        Settings.read({**environ, "DATABASE_URL": database_url, "TWILIO_API_KEY_SID": KEY})
