"""Max changes when humans are there, sees first what follows, and is told when somebody else was faster."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.models.audit import AuditEntry, details_of_entry
from app.models.hotline_change import HotlineChange
from tests.web.conftest import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = "/admin/hotlines/haushalt/hours"
HIDDEN = re.compile(r'name="(csrf_token|version|seen)" value="([^"]*)"')


def fields(page, kind):
    """What the browser sends back of a form, whatever is typed."""
    form = next(each for each in page.split("<form")[1:] if f'name="kind" value="{kind}"' in each or kind == "throne")
    return {"kind": kind, **dict(HIDDEN.findall(form))}


def sends(visitor: Visitor, page, kind, path=PAGE, **typed):
    return visitor.browser.post(path, data={**fields(page, kind), **typed})


def test_a_change_is_shown_with_what_follows_then_counts_and_can_be_taken_back(as_, runtime, session):
    max_ = as_("Max")
    week = {"open-mon": "9:00 – 12:00, 13:00-17:00", "holidays": "", "people-0": "2", "mon-0": "9:00–17:00"}
    shown = sends(max_, max_.get(PAGE).text, "week", **{"from": "2026-03-09", **week})
    assert "On these days nobody would be there" in shown.text
    assert 'value="9:00 – 12:00, 13:00-17:00"' in shown.text
    assert session.scalar(sa.select(HotlineChange.id)) is None

    done = sends(max_, shown.text, "week", **{"from": "2026-03-09", **week})
    assert done.status_code == 303
    later = max_.get(done.location).text
    assert "09:00–12:00, 13:00–17:00" in later
    assert runtime.board.hotline_named("haushalt").weeks[0].staffing[0].people == 2

    shown = sends(max_, later, "withdraw", change="1")
    assert sends(max_, shown.text, "withdraw", change="1").status_code == 303
    assert "withdrawn by Max" in max_.get(PAGE).text
    session.expire_all()
    deeds = sa.select(AuditEntry).where(AuditEntry.action == "admin.hours", AuditEntry.view.is_(None))
    told = [details_of_entry(runtime.vault, each)["changes"] for each in session.scalars(deeds.order_by(AuditEntry.id))]
    written = [each[0]["columns"] for each in told]  # and none for what was only shown
    assert written[0]["written"][1]["opening"] == {"mon": ["09:00-12:00", "13:00-17:00"]}
    assert written[0]["replaced"][1]["opening"]["sat"] == ["09:00-13:00"]
    assert written[1]["withdrawn_by"] == [None, written[0]["made_by"][1]]


def test_what_the_law_or_a_colleague_forbids_is_told_with_the_reason_and_nothing_typed_is_lost(as_, session):
    max_, page = as_("Max"), "/admin/hotlines/sac/hours"
    before = max_.get(page).text
    other = as_("Max")
    seen_by_other = other.get(page).text

    refused = sends(max_, before, "day", page, **{"from": "2026-03-09", "hours": ""})
    assert refused.status_code == 422
    assert "11.034" in refused.text
    assert "Enter more hours" in refused.text

    wrong = sends(max_, before, "day", page, **{"from": "2026-03-09", "hours": "<8 to 6>"})
    assert (wrong.status_code, "&lt;8 to 6&gt;" in wrong.text) == (422, True)
    assert sends(max_, before, "week", page, **{"from": "never"}).status_code == 422
    assert sends(max_, before, "throne", page).status_code == 422
    assert sends(max_, before, "day", page, version="a-b").status_code == 422

    shown = sends(max_, before, "day", page, **{"from": "2026-03-10", "hours": "08:00-20:00"})
    assert sends(max_, shown.text, "day", page, **{"from": "2026-03-10", "hours": "08:00-20:00"}).status_code == 303
    late = sends(other, seen_by_other, "day", page, **{"from": "2026-03-10", "hours": "09:00-20:00"})
    assert (late.status_code, "Max changed these hours" in late.text) == (409, True)
    assert len(session.scalars(sa.select(HotlineChange.id)).all()) == 1


def test_only_administrators_change_hours(sue, as_):
    assert sue.get(PAGE).status_code == 403
    assert as_("Max").get("/admin/hotlines/nowhere/hours").status_code == 404


def test_hours_for_urgent_matters_are_shown_besides_the_opening_hours(as_, runtime, session):
    max_ = as_("Max")
    assert "for urgent matters only" not in max_.get("/admin/hotlines").text
    week = {"opening": {"mon-fri": "08:00-18:00"}, "urgent_hours": {"mon-thu": "18:00-21:00"}}
    now = runtime.clock.now()
    session.add(
        HotlineChange(hotline="haushalt", kind="week", from_on=now.date(), written=week, replaced={}, made_by=1,
                      made_at=now)
    )  # fmt: skip
    session.commit()
    runtime.hotlines.look()

    shown = max_.get("/admin/hotlines").text.split("Besides, for urgent matters only")[1].split("</div>")[0]
    assert "Mon–Thu 18:00–21:00" in shown
    assert "Fri–Sun closed" in shown
