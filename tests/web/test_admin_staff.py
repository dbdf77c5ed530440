"""Max hires, changes and dismisses; it holds at once."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.models.staff import Staff
from app.services.passwords import set_password
from tests.web.conftest import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LINK = re.compile(r"http://127\.0\.0\.1:18000(/desk/welcome/[\w-]{43})")


@pytest.fixture
def max_(as_) -> Visitor:
    return as_("Max")


def sends(browser: Visitor, path: str, **form):
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/desk/cases").text)
    return browser.browser.post(path, data={"csrf_token": token[1], **form})


NINA = {"email": "nina@office.example", "name": "Nina", "role": "agent", "phone": "030 23125009", "authority": "50,00"}


def test_who_is_hired_sets_a_password_by_a_link_that_is_shown_once(max_, otto, session):
    shown = sends(max_, "/admin/staff/new", **NINA, languages=["de", "en"], skills=["recall"])
    link = LINK.search(shown.text)[1]
    otto.send(link, password="four words nobody expects")
    nina = session.scalars(sa.select(Staff).where(Staff.name == "Nina")).one()

    assert otto.get("/desk/").status_code == 200
    assert otto.get("/floor/promises").status_code == 403
    assert (nina.phone, nina.authority_cents, nina.skills) == ("+493023125009", 5000, ["recall"])
    assert LINK.search(max_.get(f"/admin/staff/{nina.id}").text) is None


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"email": "nina"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"role": "king"}, "role"),
        ({"authority": "a lot"}, "authority"),
        ({"languages": []}, "languages"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_typed_is_lost(max_, session, entry, field):
    answer = sends(max_, "/admin/staff/new", **{**NINA, "languages": ["de"], **entry})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="Nina"' in answer.text
    assert session.scalar(sa.select(Staff.id).where(Staff.name == "Nina")) is None


def test_an_address_is_given_to_one_person(max_):
    answer = sends(max_, "/admin/staff/new", **{**NINA, "email": "Ada@office.example"}, languages=["de"])

    assert answer.status_code == 409
    assert "is there already" in answer.text


def test_an_address_changes_with_a_name_but_not_to_that_of_a_colleague(max_, session, staff):
    path, form = f"/admin/staff/{staff['Ada'].id}", {"name": "Ada", "role": "agent", "languages": ["de"]}
    taken = sends(max_, path, **form, email="Ben@office.example")
    saved = sends(max_, path, **form, email="Ada.New@office.example")
    session.expire_all()

    assert (taken.status_code, saved.status_code) == (409, 303)
    assert session.get_one(Staff, staff["Ada"].id).email == "ada.new@office.example"


def test_who_is_disabled_is_out_at_once_and_can_be_let_in_again(max_, ada, otto, session, staff, runtime):
    before = ada.get("/desk/").status_code
    sends(max_, f"/admin/staff/{staff['Ada'].id}/disable")
    after = ada.get("/desk/").status_code
    shown = sends(max_, f"/admin/staff/{staff['Ada'].id}/employ")
    otto.send(LINK.search(shown.text)[1], password="four words nobody expects")

    assert (before, after, otto.get("/desk/").status_code) == (200, 303, 200)


def test_with_another_role_a_login_ends_and_the_new_one_may_other_things(max_, ada, as_, staff):
    form = {"name": "Ada", "role": "supervisor", "phone": "", "languages": ["de"]}
    saved = sends(max_, f"/admin/staff/{staff['Ada'].id}", **form)

    assert saved.status_code == 303
    assert ada.get("/desk/").status_code == 303
    assert as_("Ada").get("/floor/promises").status_code == 200


@pytest.mark.parametrize("deed", ["disable", "demote"])
def test_the_last_administrator_stays_one(max_, session, staff, deed):
    path = f"/admin/staff/{staff['Max'].id}"
    if deed == "disable":
        answer = sends(max_, f"{path}/disable")
    else:
        answer = sends(max_, path, name="Max", role="agent", languages=["de"])
    session.expire_all()

    assert answer.status_code == 409
    assert (session.get(Staff, staff["Max"].id).role, max_.get("/admin/staff").status_code) == ("admin", 200)


@pytest.mark.parametrize("name", ["Ada", "Sue"])
def test_nobody_else_sees_who_works_here_nor_changes_it(as_, session, staff, name):
    answers = [as_(name).get("/admin/staff"), sends(as_(name), f"/admin/staff/{staff['Ben'].id}/disable")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert session.get(Staff, staff["Ben"].id).disabled_at is None


def test_one_sees_where_one_is_logged_in_and_ends_all_others(as_):
    here, there = as_("Ada"), as_("Ada")
    listed = here.get("/desk/account").text.count("<tr>")
    sends(here, "/desk/account/end-others")

    assert listed == 3
    assert (here.get("/desk/").status_code, there.get("/desk/").status_code) == (200, 303)


def test_who_changes_the_password_must_know_the_present_one_and_is_out_everywhere_else(as_, session, staff, runtime):
    set_password(session, session.get(Staff, staff["Ada"].id), "four words nobody expects", wall_now=runtime.wall.now())
    session.commit()
    here, there = as_("Ada"), as_("Ada")
    new = "quite another row of words"
    wrong = sends(here, "/desk/account/password", old="something else", new=new)
    easy = sends(here, "/desk/account/password", old="four words nobody expects", new="password1234")
    right = sends(here, "/desk/account/password", old="four words nobody expects", new=new)

    assert (wrong.status_code, easy.status_code, right.status_code) == (422, 422, 303)
    assert (here.get("/desk/").status_code, there.get("/desk/").status_code) == (200, 303)


def test_the_hotlines_stand_there_with_the_lines_of_their_file(max_):
    page = max_.get("/admin/hotlines").text

    assert "ivr_flows/hotline.yaml:5" in page
    assert "Mon–Fri 08:00–18:00" in page
    assert "Good Friday" in page
    assert "for urgent matters only" not in page  # nobody is there besides the opening hours


def test_a_token_is_shown_once_and_can_be_revoked(max_, otto):
    page = sends(max_, "/admin/tokens", name="shop", scopes=["cases"], lasts="30")
    token = re.search(r"rr_[\w-]{43}", page.text)[0]
    read = otto.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    sends(max_, "/admin/tokens/1/revoke")
    later = otto.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})

    assert (page.status_code, read.status_code, later.status_code) == (200, 200, 401)
    assert token not in max_.get("/admin/tokens").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"name": " ", "scopes": ["cases"]}, 422),
        ({"name": "shop"}, 422),
        ({"name": "shop", "scopes": ["everything"]}, 422),
        ({"name": "shop", "scopes": ["cases"], "lasts": "99999"}, 422),
    ],
)
def test_a_token_without_a_name_a_scope_or_an_end_is_none(max_, form, status):
    answer = sends(max_, "/admin/tokens", **form)

    assert answer.status_code == status
    assert "rr_" not in answer.text
