"""Coming in, staying in, and being out at once."""

from __future__ import annotations

import time
from contextlib import ExitStack
from threading import Thread

import pytest
import sqlalchemy as sa

from app.domain.role import Role
from app.models.staff import LoginSession, Staff
from app.runtime import Runtime
from app.services import log_in, passwords
from app.services.add_staff import change_role, disable_staff
from app.services.passwords import new_link, set_password
from tests.web.conftest import Visitor

PASSWORD = "four words nobody expects"
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def ada_can_log_in(session, staff, runtime):
    set_password(session, session.get(Staff, staff["Ada"].id), PASSWORD, wall_now=runtime.wall.now())
    session.commit()


def logged_in(otto, password=PASSWORD, **form):
    return otto.send("/desk/login", email="Ada@office.example ", password=password, **form)


def test_ada_logs_in_and_stands_before_her_queue(otto, ada_can_log_in):
    answer = logged_in(otto)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
    assert "ada@office.example" in otto.get("/desk/").text


@one_database
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(otto, ada_can_log_in):
    wrong = logged_in(otto, password="something else")
    unknown = otto.send("/desk/login", email="zoe@office.example", password="something else")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("Ada@", "").replace("ada@", "").count("do not belong together") == 1
    assert unknown.text.count("do not belong together") == 1


def test_after_five_failures_even_the_right_password_must_wait(otto, ada_can_log_in, clock):
    for _ in range(5):
        logged_in(otto, password="something else")
    refused = logged_in(otto)
    clock.advance(seconds=6)
    again = logged_in(otto)

    assert refused.status_code == 429
    assert "Try again in" in refused.text
    assert again.status_code == 303


def test_a_browser_that_ada_has_used_gets_in_while_others_guess_at_her_address(web, otto, ada_can_log_in, clock):
    logged_in(otto)
    otto.send("/desk/logout")
    stranger, forger = Visitor(web.test_client()), Visitor(web.test_client())
    forger.browser.set_cookie("rueckruf-known", f"{int(clock.now().timestamp())}.made-up.{'0' * 64}")
    for _ in range(5):
        logged_in(stranger, password="something else")

    assert [logged_in(who).status_code for who in (stranger, forger, otto)] == [429, 429, 303]
    for _ in range(5):
        logged_in(otto, password="something else")
    assert logged_in(otto).status_code == 429  # it is slowed down for its own failures


@one_database
def test_a_browser_is_known_for_half_a_year(web, otto, ada_can_log_in, clock):
    logged_in(otto)
    otto.send("/desk/logout")
    clock.advance(days=181)
    for _ in range(5):
        logged_in(Visitor(web.test_client()), password="something else")

    assert logged_in(otto).status_code == 429


def test_while_a_password_is_being_checked_calls_are_answered(otto, ada_can_log_in, session, runtime):
    """Whoever tries passwords would else keep every caller waiting, where one at a time may write."""
    with ExitStack() as busy:
        for _ in range(2):
            busy.enter_context(passwords._AT_ONCE)
        token = otto.token()
        form = {"csrf_token": token, "email": "ada@office.example", "password": PASSWORD}
        coming = Thread(target=lambda: otto.browser.post("/desk/login", data=form))
        coming.start()
        time.sleep(0.3)
        with runtime.database.sessions.begin() as writing:
            writing.execute(sa.update(Staff).values(available=True))
    coming.join(timeout=20)
    session.expire_all()

    assert session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == 1


def test_who_is_dismissed_while_their_password_is_being_checked_does_not_come_in(otto, ada_can_log_in, runtime):
    with ExitStack() as busy:
        for _ in range(2):
            busy.enter_context(passwords._AT_ONCE)
        given: list[object] = []
        arguments = (runtime.database, runtime.vault, "ada@office.example", PASSWORD)
        coming = Thread(target=lambda: given.append(log_in.log_in(*arguments, wall_now=runtime.wall.now())))
        coming.start()
        time.sleep(0.3)
        with runtime.database.sessions.begin() as writing:
            disable_staff(writing, "ada@office.example", wall_now=runtime.wall.now())
    coming.join(timeout=20)

    assert given == [log_in.Refused(None)]


@one_database
def test_the_login_leads_on_to_where_ada_wanted_to_go_but_never_off_our_pages(web, otto, ada_can_log_in):
    own = logged_in(otto, next="/desk/cases?kind=complaint")
    elsewhere = [
        logged_in(otto, next=place).headers["Location"]
        for place in ("https://evil.example/", "//evil.example/desk/", "/desk/..//evil.example", "/desk/\\evil.example")
    ]

    assert own.headers["Location"] == "/desk/cases?kind=complaint"
    assert set(elsewhere) == {"/desk/"}


@one_database
@pytest.mark.parametrize("ending", ["logout", "disable", "role", "password", "idle", "too long"])
def test_a_copy_of_the_cookie_is_worth_nothing_once_the_login_has_ended(
    web, otto, ada_can_log_in, session, runtime, clock, ending
):
    logged_in(otto)
    kept = otto.browser_session()
    end(ending, otto, session, runtime, clock)
    thief = web.test_client()
    with thief.session_transaction() as stolen:
        stolen.update(kept)

    answers = [thief.get(path) for path in ("/desk/", "/desk/cases", "/desk/login?next=/desk/")]

    assert [answer.status_code for answer in answers] == [303, 303, 200]


def end(ending: str, otto, session, runtime: Runtime, clock) -> None:
    now = runtime.wall.now()
    match ending:
        case "logout":
            otto.send("/desk/logout")
        case "disable":
            disable_staff(session, "ada@office.example", wall_now=now)
        case "role":
            change_role(session, "ada@office.example", Role.SUPERVISOR, wall_now=now)
        case "password":
            set_password(session, session.get(Staff, 1), PASSWORD + "!", wall_now=now)
        case "idle":
            clock.advance(hours=2, seconds=1)
        case "too long":
            for _ in range(13):
                clock.advance(minutes=59)
                otto.get("/desk/")
    session.commit()


@one_database
def test_who_keeps_working_stays_logged_in(otto, ada_can_log_in, clock):
    logged_in(otto)
    statuses = []
    for _ in range(6):
        clock.advance(minutes=100)
        statuses.append(otto.get("/desk/").status_code)

    assert statuses == [200] * 6


@one_database
def test_logging_in_gives_a_new_token_each_time(otto, ada_can_log_in):
    otto.get("/desk/login")
    logged_in(otto)
    first = otto.browser_session()
    logged_in(otto)

    assert first["login"] != otto.browser_session()["login"]
    assert len(first["login"]) >= 43


def test_the_one_time_link_sets_a_password_once(otto, session, staff, runtime):
    link = new_link(session.get(Staff, staff["Ben"].id), wall_now=runtime.wall.now())
    session.commit()
    page = otto.get(f"/desk/welcome/{link}")
    easy = otto.send(f"/desk/welcome/{link}", password="password1234")
    done = otto.send(f"/desk/welcome/{link}", password=PASSWORD)
    again = otto.get(f"/desk/welcome/{link}")

    assert "Welcome, Ben" in page.text
    assert (easy.status_code, done.status_code, again.status_code) == (422, 303, 404)
    assert "guessed first" in easy.text
    assert "ben@office.example" in otto.get("/desk/").text


@one_database
def test_a_link_lapses_after_three_days(otto, session, staff, runtime, clock):
    link = new_link(session.get(Staff, staff["Ben"].id), wall_now=runtime.wall.now())
    session.commit()
    clock.advance(days=3, seconds=1)

    assert otto.get(f"/desk/welcome/{link}").status_code == 404


@one_database
@pytest.mark.parametrize("form", [{}, {"csrf_token": "made up"}], ids=["no token", "a made-up one"])
def test_a_form_without_our_token_changes_nothing(ada, session, staff, form):
    answer = ada.browser.post("/desk/presence", data={"available": "no", **form})

    assert answer.status_code == 400
    assert session.get(Staff, staff["Ada"].id).available


@one_database
def test_a_form_sent_from_another_site_changes_nothing(ada, session, staff):
    answer = ada.browser.post(
        "/desk/presence",
        data={"available": "no", "csrf_token": ada.token()},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 400
    assert session.get(Staff, staff["Ada"].id).available


@one_database
def test_the_token_of_somebody_else_is_none(ada, as_):
    foreign = as_("Ben").token()

    assert ada.browser.post("/desk/presence", data={"csrf_token": foreign}).status_code == 400


def test_over_https_the_cookie_is_bound_to_this_host(environ, sqlite_url, clock):
    from app.settings import Settings
    from app.web.app import create_app

    settings = Settings.read({**environ, "DATABASE_URL": sqlite_url, "PUBLIC_URL": "https://hotline.example.org"})
    office = Runtime.build(settings, clock=clock, wall=clock)
    answer = create_app(office).test_client().get("/desk/login", base_url="https://hotline.example.org")
    office.close()

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-rueckruf=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
