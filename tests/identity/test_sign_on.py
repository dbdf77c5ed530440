"""Coming in with the company's account: who it vouches for, and the ways in which it must not work (trust row 43)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from joserfc.jwk import RSAKey

from app.models.identity import Identity
from app.models.staff import LoginSession, Staff
from app.services.add_staff import disable_staff
from app.settings import Settings, SettingsFault
from app.web.app import create_app
from tests.identity.provider import (
    KEY,
    NEXT_KEY,
    OUR_NAME,
    OUR_SECRET,
    Provider,
    running,
    signed,
    signed_with_public_key,
    signed_with_secret,
    unsigned,
)
from tests.web.conftest import Visitor, session, staff  # noqa: F401 - fixtures

STRANGER = RSAKey.generate_key(2048, {"kid": "one"})
ANSWER = "/desk/login/company/answer"


@pytest.fixture
def provider(clock) -> Iterator[Provider]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with running(clock) as made:
        yield made


@pytest.fixture
def settings(environ, sqlite_url, provider) -> Settings:
    oidc = {"OIDC_ISSUER": provider.issuer, "OIDC_CLIENT_ID": OUR_NAME, "OIDC_CLIENT_SECRET": OUR_SECRET}
    return Settings.read({**environ, "DATABASE_URL": sqlite_url, **oidc, "SECOND_FACTOR": "all"})


@pytest.fixture
def web(runtime, staff) -> Flask:  # noqa: F811
    return create_app(runtime)


@pytest.fixture
def ada(web) -> Visitor:
    return Visitor(web.test_client())


def asks(browser: Visitor, onward: str = "") -> str:
    """The address at the provider to which a browser is sent."""
    return str(browser.get(f"/desk/login/company?next={onward}").headers["Location"])


def comes_back(browser: Visitor, answer: dict[str, str]):
    return browser.browser.get(ANSWER, query_string=answer)


def logins(session) -> int:  # noqa: F811
    session.expire_all()
    return session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) or 0


def test_ada_comes_in_with_her_account_and_goes_on_to_where_she_wanted(ada, provider, session, staff):  # noqa: F811
    answer = comes_back(ada, provider.agree(asks(ada, "/desk/cases")))
    bound = session.scalars(sa.select(Identity)).one()

    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/cases")
    assert ada.get("/desk/").status_code == 200
    assert (bound.subject, bound.staff_id) == ("account-1", staff["Ada"].id)


def test_the_account_stays_hers_when_her_address_changes_there(web, provider, session):  # noqa: F811
    first, second = Visitor(web.test_client()), Visitor(web.test_client())
    comes_back(first, provider.agree(asks(first)))
    provider.claims = {"email": "somebody@else.example", "email_verified": False}
    answer = comes_back(second, provider.agree(asks(second)))

    assert answer.headers["Location"] == "/desk/"
    assert len(session.scalars(sa.select(Identity)).all()) == 1


def test_a_key_that_the_provider_has_taken_into_use_since_is_asked_for(web, provider):
    first, second = Visitor(web.test_client()), Visitor(web.test_client())
    comes_back(first, provider.agree(asks(first)))
    provider.keys, provider.write = [NEXT_KEY], lambda claims: signed(claims, NEXT_KEY)

    assert comes_back(second, provider.agree(asks(second))).headers["Location"] == "/desk/"


def test_the_question_is_bound_to_this_browser_and_cannot_be_guessed(ada, provider):
    first, second = asks(ada), asks(ada)

    assert all(word in first for word in ("response_type=code", "code_challenge_method=S256", "scope=openid+email"))
    assert first.split("state=")[1][:43] != second.split("state=")[1][:43]
    assert OUR_SECRET not in first


NOW = 1_772_442_000  # Monday 2026-03-02 09:00 UTC, where the clock stands
LIES: dict[str, Callable[[Provider], object]] = {
    "iss of another": lambda p: p.claims.update(iss="https://evil.example"),
    "iss with a slash": lambda p: p.claims.update(iss=f"{p.issuer}/"),
    "no iss": lambda p: p.claims.update(iss=None),
    "aud of another": lambda p: p.claims.update(aud="shop"),
    "aud of others": lambda p: p.claims.update(aud=["shop", "bank"]),
    "no aud": lambda p: p.claims.update(aud=None),
    "aud with another and no azp": lambda p: p.claims.update(aud=[OUR_NAME, "shop"]),
    "azp of another": lambda p: p.claims.update(aud=[OUR_NAME, "shop"], azp="shop"),
    "nonce of another": lambda p: p.claims.update(nonce="another"),
    "no nonce": lambda p: p.claims.update(nonce=None),
    "nonce that is no text": lambda p: p.claims.update(nonce=["x"]),
    "alg none": lambda p: setattr(p, "write", unsigned),
    "signed with our secret": lambda p: setattr(p, "write", signed_with_secret),
    "signed with the public key": lambda p: setattr(p, "write", signed_with_public_key),
    "signed with a stranger's key": lambda p: setattr(p, "write", lambda c: signed(c, STRANGER)),
    "signed by nobody": lambda p: setattr(p, "write", lambda c: signed(c)[:-20]),
    "altered after signing": lambda p: setattr(p, "write", lambda c: signed(c).replace(".", ".e", 1)),
    "no token": lambda p: setattr(p, "write", lambda _c: None),
    "a token that is none": lambda p: setattr(p, "write", lambda _c: "a.b.c"),
    "expired": lambda p: p.claims.update(exp=NOW - 3600),
    "expired by two minutes": lambda p: p.claims.update(exp=NOW - 120),
    "no exp": lambda p: p.claims.update(exp=None),
    "issued yesterday": lambda p: p.claims.update(iat=NOW - 86_400),
    "issued tomorrow": lambda p: p.claims.update(iat=NOW + 86_400),
    "not good yet": lambda p: p.claims.update(nbf=NOW + 3600),
    "no sub": lambda p: p.claims.update(sub=None),
    "an empty sub": lambda p: p.claims.update(sub=""),
    "an address that was not verified": lambda p: p.claims.update(email_verified=False),
    "verified, as text": lambda p: p.claims.update(email_verified="true"),
    "nobody of the office": lambda p: p.claims.update(email="otto@elsewhere.example"),
    "another issuer by its own account": lambda p: p.metadata.update(issuer="https://evil.example"),
    "keys from an address that anybody can change": lambda p: p.metadata.update(jwks_uri="http://keys.example/"),
    "the code refused": lambda p: setattr(p, "token_status", 400),
    "the provider broken": lambda p: setattr(p, "token_status", 503),
}


def test_thirty_four_lies_let_nobody_in(web, provider, session, runtime):  # noqa: F811
    let_in = []
    for lie, tell in LIES.items():
        provider.claims, provider.write, provider.metadata, provider.token_status = {}, signed, {}, 200
        runtime.identity._told = runtime.identity._keys = None
        tell(provider)
        browser = Visitor(web.test_client())
        sent = browser.get("/desk/login/company")
        if sent.status_code == 303:
            comes_back(browser, provider.agree(sent.headers["Location"]))
        if logins(session) or browser.get("/desk/").status_code != 303:
            let_in.append(lie)

    assert int(runtime.wall.now().timestamp()) == NOW
    assert len(LIES) == 34
    assert let_in == []
    assert session.scalars(sa.select(Identity)).all() == []


def answers(browser: Visitor, provider: Provider, tamper: Callable[[dict[str, str]], dict[str, str]]):
    return comes_back(browser, tamper(provider.agree(asks(browser))))


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda a: {**a, "state": "another"}, id="state of another"),
        pytest.param(lambda a: {"code": a["code"]}, id="no state"),
        pytest.param(lambda a: {"state": a["state"]}, id="no code"),
        pytest.param(lambda a: {**a, "code": "made-up"}, id="a code made up"),
        pytest.param(lambda a: {**a, "iss": "https://evil.example"}, id="mix-up: another provider answers"),
        pytest.param(lambda a: {**a, "error": "access_denied"}, id="the person said no"),
    ],
)
def test_an_answer_that_was_tampered_with_lets_nobody_in(ada, provider, session, tamper):  # noqa: F811
    answer = answers(ada, provider, tamper)

    assert answer.status_code == 403
    assert logins(session) == 0


def test_a_provider_that_names_itself_in_answers_is_not_believed_without_its_name(ada, provider, session):  # noqa: F811
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    nameless = answers(ada, provider, lambda a: a)
    named = answers(ada, provider, lambda a: {**a, "iss": provider.issuer})

    assert (nameless.status_code, named.status_code) == (403, 303)


def test_an_answer_is_good_once_in_one_browser_and_for_ten_minutes(web, ada, provider, session, clock):  # noqa: F811
    answer = provider.agree(asks(ada))
    thief = Visitor(web.test_client())
    asks(thief)
    stolen = comes_back(thief, answer)
    kept = ada.browser_session()
    comes_back(ada, answer)
    with ada.browser.session_transaction() as cookie:
        cookie.clear()
        cookie.update(kept)
    replayed = comes_back(ada, answer)
    late = provider.agree(asks(thief))
    clock.advance(minutes=10, seconds=1)
    slow = comes_back(thief, late)

    assert [stolen.status_code, replayed.status_code, slow.status_code] == [403, 403, 403]
    assert logins(session) == 1


def test_who_was_disabled_does_not_come_in_with_the_account_either(web, provider, session, runtime):  # noqa: F811
    first, second = Visitor(web.test_client()), Visitor(web.test_client())
    comes_back(first, provider.agree(asks(first)))
    disable_staff(session, "ada@office.example", wall_now=runtime.wall.now())
    session.commit()

    assert comes_back(second, provider.agree(asks(second))).status_code == 403
    assert second.get("/desk/").status_code == 303


def test_an_address_that_was_given_to_somebody_else_does_not_give_them_the_desk(web, provider, session):  # noqa: F811
    first, second = Visitor(web.test_client()), Visitor(web.test_client())
    comes_back(first, provider.agree(asks(first)))
    provider.claims = {"sub": "account-2"}

    assert comes_back(second, provider.agree(asks(second))).status_code == 403


def test_when_the_provider_is_away_passwords_still_work(ada, provider, runtime):
    runtime.identity._issuer = "http://127.0.0.1:9"
    answer = ada.get("/desk/login/company")

    assert answer.status_code == 502
    assert "Log in with your password" in answer.text


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"OIDC_ISSUER": "http://accounts.example"}, "OIDC_ISSUER is not https"),
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET is missing"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID is missing"),
    ],
)
def test_half_a_registration_stops_the_start(environ, change, fault):
    whole = {"OIDC_ISSUER": "https://accounts.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}

    with pytest.raises(SettingsFault, match=fault):
        Settings.read({**environ, **whole, **change})


def test_without_an_account_service_there_is_no_way_to_it(environ, sqlite_url, clock):
    from app.runtime import Runtime

    office = Runtime.build(Settings.read({**environ, "DATABASE_URL": sqlite_url}), clock=clock, wall=clock)
    browser = create_app(office).test_client()
    statuses = [browser.get(path).status_code for path in ("/desk/login/company", ANSWER)]
    page = browser.get("/desk/login").text
    office.close()

    assert statuses == [404, 404]
    assert "company account" not in page


def test_nobody_is_made_an_agent_by_having_an_account(ada, provider, session):  # noqa: F811
    provider.claims = {"email": "new@office.example"}
    answers(ada, provider, lambda a: a)

    assert session.scalar(sa.select(Staff.id).where(Staff.email == "new@office.example")) is None
    assert KEY.kid == "one"
