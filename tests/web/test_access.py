"""Who gets in where: every route says it, and it holds for every role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug.routing import IntegerConverter

from app.domain.errors import Invalid, NotAllowed
from app.domain.role import Permission, has_permission
from app.domain.scope import NEEDS, Scope
from app.services.add_token import add_token
from app.web.access import HALF, PUBLIC, TOKEN, declared, scope_of
from app.web.webhooks.gate import only_the_network

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POLICY = "Content-Security-Policy"
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
BY_THE_PLATFORM = {
    "health.healthz",
    "health.readyz",
    "health.clock_readyz",
    "health.metrics",
    "schemas.complaint_schema",
    "static",
    "speech.speech",
}


def access_of(web, rule):
    blueprint = rule.endpoint.rpartition(".")[0]
    if only_the_network in web.before_request_funcs.get(blueprint, []):
        return "network"
    if rule.endpoint in BY_THE_PLATFORM:
        return PUBLIC
    return declared(web.view_functions[rule.endpoint])


def address(rule):
    values = {
        "protocol": "2612345679",
        "network_id": "CA" + "0" * 32,
        "promise_id": 1,
        "reminder_id": 1,
        "order_id": 1,
        "recall_id": 1,
        "campaign_id": 1,
        "member_id": 1,
        "item_id": 1,
        "view_id": 1,
        "form": "csv",
        "draft_id": 1,
        "signal_id": 1,
        "measure_id": 1,
        "report_id": 1,
        "staff_id": 1,
        "token_id": 1,
        "subscriber_id": 1,
        "key": "k",
        "token": "t",
    }
    numbers = {name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)}
    given = {name: values.get(name, 1 if name in numbers else "x") for name in rule.arguments}
    return rule.build(given, append_unknown=False)[1]


def test_every_route_says_who_may_ask(web):
    silent = [rule.rule for rule in web.url_map.iter_rules() if access_of(web, rule) is None]

    assert silent == []


@pytest.mark.parametrize("name", ["Ada", "Sue", "Max"])
def test_a_route_admits_the_roles_with_its_permission_and_nobody_else(web, as_, staff, name):
    visitor = as_(name)
    token = visitor.token()
    wrong = []
    for rule in web.url_map.iter_rules():
        access = access_of(web, rule)
        if access not in set(Permission):
            continue
        for method in rule.methods:
            answer = visitor.browser.open(address(rule), method=method, data={"csrf_token": token})
            if (answer.status_code == 403) is has_permission(staff[name].role, Permission(access)):
                wrong.append((method, rule.rule, answer.status_code))

    assert wrong == []


def test_a_stranger_is_led_to_the_login_and_learns_nothing(web, otto):
    token = otto.token()
    answers = {
        (method, rule.rule): otto.browser.open(address(rule), method=method, data={"csrf_token": token})
        for rule in web.url_map.iter_rules()
        if access_of(web, rule) in {*Permission, HALF}
        for method in rule.methods
    }

    assert {key: answer.status_code for key, answer in answers.items() if answer.status_code != 303} == {}
    assert all(answer.headers["Location"].startswith("/desk/login") for answer in answers.values())


@pytest.mark.parametrize("form", [{}, {"csrf_token": "made up"}], ids=["no token", "a made-up one"])
def test_no_form_is_taken_without_the_token_of_its_page(web, as_, form):
    max_, taken = as_("Max"), []
    for rule in web.url_map.iter_rules():
        if access_of(web, rule) not in {*Permission, HALF} and not rule.endpoint.startswith(("desk.", "admin.")):
            continue
        for method in rule.methods - {"GET", "HEAD", "OPTIONS"}:
            answer = max_.browser.open(address(rule), method=method, data=form)
            if answer.status_code != 400:
                taken.append((method, rule.rule, answer.status_code))

    assert taken == []
    assert max_.get("/desk/").status_code == 200


def test_every_answer_to_people_carries_what_keeps_their_browsers_safe(web, as_):
    max_, bare = as_("Max"), []
    for rule in web.url_map.iter_rules():
        if rule.endpoint.startswith(("desk.", "floor.", "admin.")) and "GET" in rule.methods:
            headers = max_.get(address(rule)).headers
            if not SAFE.items() <= dict(headers).items() or "default-src 'none'" not in headers.get(POLICY, ""):
                bare.append(rule.rule)

    assert bare == []


def test_without_a_token_the_api_says_nothing(web, otto):
    rules = [rule for rule in web.url_map.iter_rules() if access_of(web, rule) == TOKEN]
    answers = [
        otto.browser.open(address(rule), method=method_of(rule), headers=headers)
        for rule in rules
        for headers in ({}, {"Authorization": "Bearer rr_made-up"}, {"Authorization": "Basic YTpi"})
    ]

    assert len(rules) >= 17
    assert {answer.status_code for answer in answers} == {401}


def method_of(rule):
    return "GET" if "GET" in rule.methods else "POST"


def refused_to(token, web, otto):
    rules = [rule for rule in web.url_map.iter_rules() if access_of(web, rule) == TOKEN]
    headers = {"Authorization": f"Bearer {token}"}
    asked = {rule.endpoint: otto.browser.open(address(rule), method=method_of(rule), headers=headers) for rule in rules}
    return rules, {endpoint for endpoint, answer in asked.items() if answer.status_code == 403}


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope != Scope.WALLBOARD])  # it opens /board
def test_a_token_opens_what_it_was_made_for_and_nothing_else(web, otto, runtime, staff, scope):
    with runtime.database.sessions.begin() as session:
        token = add_token(session, "shop", scopes=[scope], acts_for=staff["Max"], wall_now=runtime.wall.now())
    rules, refused = refused_to(token, web, otto)

    assert refused == {rule.endpoint for rule in rules if scope_of(web.view_functions[rule.endpoint]) != scope}
    assert len(refused) < len(rules)


@pytest.mark.parametrize("role", ["agent", "supervisor", "admin", "gone"])
def test_a_token_never_opens_more_than_whom_it_acts_for_may_do_now(web, otto, runtime, session, staff, role):
    with runtime.database.sessions.begin() as opened:
        token = add_token(opened, "shop", scopes=Scope, acts_for=staff["Max"], wall_now=runtime.wall.now())
    max_ = session.get(type(staff["Max"]), staff["Max"].id)
    max_.role, max_.disabled_at = (role, None) if role != "gone" else ("admin", runtime.wall.now())
    session.commit()
    rules, refused = refused_to(token, web, otto)
    wanted = {rule.endpoint: NEEDS[scope_of(web.view_functions[rule.endpoint])] for rule in rules}

    assert refused == {
        endpoint for endpoint, needed in wanted.items() if role == "gone" or not has_permission(role, needed)
    }


def test_nobody_makes_a_token_that_may_do_more_than_they(runtime, staff):
    with runtime.database.sessions.begin() as session:
        for scopes in (["calls"], ["recalls:write"]):
            with pytest.raises(NotAllowed):
                add_token(session, "shop", scopes=scopes, acts_for=staff["Ada"], wall_now=runtime.wall.now())
        with pytest.raises(Invalid):
            add_token(session, "shop", scopes=["cases:write"], wall_now=runtime.wall.now())


def test_a_token_that_has_lapsed_opens_nothing(otto, runtime, clock):
    with runtime.database.sessions.begin() as session:
        token = add_token(session, "shop", lasts=timedelta(days=30), wall_now=runtime.wall.now())
    before = otto.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    clock.advance(days=30)
    after = otto.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})

    assert (before.status_code, after.status_code) == (200, 401)


@pytest.mark.parametrize(
    "path", ["/desk/login", "/desk/", "/desk/nothing", "/admin/staff", "/api/v1/cases", "/api/v1/openapi.json"]
)
def test_every_page_tells_the_browser_what_to_refuse(otto, path):
    headers = otto.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
