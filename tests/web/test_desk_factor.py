"""The second factor: set up, asked for, lost, and not to be guessed, replayed or gone around."""

from __future__ import annotations

import re
from datetime import datetime
from threading import Thread

import pyotp
import pytest
import sqlalchemy as sa

from app.models.second_factor import RecoveryCode, SecondFactor
from app.models.staff import LoginSession, Staff
from app.runtime import Runtime
from app.services.logins import visitor
from app.services.passwords import new_link, set_password
from app.services.second_factor import offered_secret, remove_factor, show_code
from app.settings import Settings
from app.web.app import create_app
from tests.web.conftest import Visitor

PASSWORD = "four words nobody expects"
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(environ, database_url):
    return Settings.read({**environ, "DATABASE_URL": database_url, "SECOND_FACTOR": "oversight"})


@pytest.fixture
def people(session, staff, runtime):
    ada = session.get_one(Staff, staff["Ada"].id)
    set_password(session, ada, PASSWORD, wall_now=runtime.wall.now())
    session.execute(sa.update(Staff).values(password_hash=ada.password_hash))
    session.commit()


@pytest.fixture
def secret(people, session, staff, runtime):
    """Of Ada's authenticator, in use since yesterday."""
    made = offered_secret(session, runtime.vault, staff["Ada"], wall_now=runtime.wall.now())
    session.get_one(SecondFactor, staff["Ada"].id).confirmed_at = runtime.wall.now()
    session.commit()
    return made


def comes(web, name="ada") -> Visitor:
    """Somebody who has shown the right password."""
    browser = Visitor(web.test_client())
    browser.send("/desk/login", email=f"{name}@office.example", password=PASSWORD)
    return browser


def code_of(secret: str, now: datetime) -> str:
    return pyotp.TOTP(secret).at(int(now.timestamp()))


def shows(browser: Visitor, code: str):
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/desk/login/code").text)
    return browser.browser.post("/desk/login/code", data={"csrf_token": token[1] if token else "", "code": code})


def test_a_password_alone_opens_nothing_until_the_code_is_shown(web, secret, clock):
    ada = comes(web)
    before = [ada.get(path) for path in ("/desk/", "/desk/cases", "/desk/login/factor")]
    answer = shows(ada, code_of(secret, clock.now()))

    assert [each.status_code for each in before] == [303, 303, 303]
    assert all(each.headers["Location"].startswith("/desk/login/code") for each in before)
    assert (answer.status_code, ada.get("/desk/").status_code) == (303, 200)


def test_the_code_that_let_somebody_in_lets_nobody_in_again_nor_does_an_older_one(web, secret, clock):
    code, older = code_of(secret, clock.now()), code_of(secret, clock.now())
    first = shows(comes(web), code)
    replayed = shows(comes(web), code)
    clock.advance(seconds=30)
    newer = shows(comes(web), code_of(secret, clock.now()))
    late = shows(comes(web), older)

    assert [first.status_code, replayed.status_code, newer.status_code, late.status_code] == [303, 401, 303, 401]


def test_of_two_who_show_the_same_code_at_once_one_comes_in(web, secret, runtime):
    code, begun, given = code_of(secret, runtime.wall.now()), [], []
    for _ in range(4):
        token = comes(web).browser_session()["login"]
        with runtime.database.reads() as looking:
            begun.append(visitor(looking, token, wall_now=runtime.wall.now()))

    def show(half) -> None:
        given.append(show_code(runtime.database, runtime.vault, half, code, wall_now=runtime.wall.now()))

    coming = [Thread(target=show, args=(half,)) for half in begun]
    for each in coming:
        each.start()
    for each in coming:
        each.join(timeout=20)

    assert [isinstance(each, str) for each in given].count(True) == 1


@one_database
@pytest.mark.parametrize(("seconds", "status"), [(-90, 401), (-30, 303), (0, 303), (30, 303), (90, 401)])
def test_the_telephone_may_be_half_a_minute_off_and_not_more(web, secret, clock, seconds, status):
    now = clock.now()
    shown = pyotp.TOTP(secret).at(int(now.timestamp()) + seconds)

    assert shows(comes(web), shown).status_code == status


def test_after_five_wrong_codes_even_the_right_one_must_wait(web, secret, clock):
    ada = comes(web)
    wrong = [shows(ada, "000000").status_code for _ in range(5)]
    refused = shows(comes(web), code_of(secret, clock.now()))
    clock.advance(seconds=6)
    later = shows(ada, code_of(secret, clock.now()))

    assert wrong == [401] * 4 + [429]
    assert (refused.status_code, later.status_code) == (429, 303)


@one_database
def test_a_thousand_guesses_a_day_meet_the_pauses(web, secret, clock, session):
    ada, tried = comes(web), 0
    for _ in range(60):
        tried += shows(ada, f"{tried:06}").status_code == 401
        clock.advance(seconds=5)

    assert tried <= 10


@one_database
def test_half_a_login_lapses_after_ten_minutes(web, secret, clock):
    ada = comes(web)
    clock.advance(minutes=10, seconds=1)

    assert ada.get("/desk/login/code").headers["Location"].startswith("/desk/login")
    assert shows(ada, code_of(secret, clock.now())).status_code != 200
    assert ada.get("/desk/").status_code == 303


@one_database
def test_the_token_of_the_half_login_is_worth_nothing_afterwards(web, secret, clock):
    ada = comes(web)
    half = ada.browser_session()
    shows(ada, code_of(secret, clock.now()))
    thief = web.test_client()
    with thief.session_transaction() as stolen:
        stolen.update(half)

    assert thief.get("/desk/").headers["Location"].startswith("/desk/login?")
    assert ada.browser_session()["login"] != half["login"]


def test_sue_must_set_up_an_authenticator_before_she_sees_anything(web, people, clock, session, staff):
    sue = comes(web, "sue")
    led = sue.get("/floor/promises")
    page = sue.get("/desk/login/factor")
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page.text))
    wrong = sends(sue, "000000")
    done = sends(sue, code_of(secret, clock.now()))
    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", done.text)

    assert led.headers["Location"].startswith("/desk/login/factor")
    assert "<svg" in page.text
    assert "Not now" not in page.text
    assert (wrong.status_code, done.status_code) == (422, 200)
    assert len(set(codes)) == 10
    assert sue.get("/floor/promises").status_code == 200
    assert secret.encode() not in session.get_one(SecondFactor, staff["Sue"].id).secret
    assert not set(codes) & set(session.scalars(sa.select(RecoveryCode.code_index)))


def sends(browser: Visitor, code: str):
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/desk/login/factor").text)
    return browser.browser.post("/desk/login/factor", data={"csrf_token": token[1], "code": code})


@one_database
def test_a_secret_in_use_is_never_shown_again(web, secret, clock):
    ada = comes(web)
    shows(ada, code_of(secret, clock.now()))

    assert ada.get("/desk/login/factor").status_code == 303


@one_database
def test_a_recovery_code_lets_in_once_however_it_is_typed(web, people, clock):
    sue = comes(web, "sue")
    page = sue.get("/desk/login/factor").text
    done = sends(sue, code_of("".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page)), clock.now()))
    code = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", done.text)[3]
    first = shows(comes(web, "sue"), f" {code.upper().replace('-', ' ')} ")
    again = shows(comes(web, "sue"), code)

    assert (first.status_code, again.status_code) == (303, 401)


@one_database
def test_agents_may_have_one_and_go_on_without(web, people):
    ada = comes(web)

    assert ada.get("/desk/").status_code == 200
    assert "Not now" in ada.get("/desk/login/factor").text


@one_database
def test_a_link_for_a_new_password_does_not_go_around_the_code(web, secret, session, staff, runtime):
    link = new_link(session.get(Staff, staff["Ada"].id), wall_now=runtime.wall.now())
    session.commit()
    ada = Visitor(web.test_client())
    ada.send(f"/desk/welcome/{link}", password="other words that nobody expects")

    assert ada.get("/desk/").headers["Location"].startswith("/desk/login/code")


@one_database
def test_when_the_factor_is_given_up_every_login_ends(web, secret, session, staff, runtime, clock):
    ada = comes(web)
    shows(ada, code_of(secret, clock.now()))
    remove_factor(session, session.get(Staff, staff["Ada"].id), wall_now=runtime.wall.now())
    session.commit()

    assert ada.get("/desk/").status_code == 303
    assert comes(web).get("/desk/").status_code == 200


@one_database
def test_where_a_login_came_from_is_kept_sealed(web, people, session):
    comes(web)
    login = session.scalars(sa.select(LoginSession)).one()

    assert login.origin is not None
    assert b"127.0.0.1" not in login.origin


def test_over_https_supervisors_are_obliged_and_nobody_can_be_let_off(environ, sqlite_url, clock):
    from app.settings import SettingsFault

    far = {**environ, "DATABASE_URL": sqlite_url, "PUBLIC_URL": "https://hotline.example.org"}
    office = Runtime.build(Settings.read(far), clock=clock, wall=clock)
    create_app(office)
    office.close()

    assert {role.value for role in office.obliged} == {"supervisor", "admin"}
    with pytest.raises(SettingsFault, match="SECOND_FACTOR must be all or oversight"):
        Settings.read({**far, "SECOND_FACTOR": "offered"})
