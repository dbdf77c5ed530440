"""Views of the call log that people keep: their own, shared ones, and the one they begin with."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_sue_keeps_a_view_for_everybody_and_max_begins_with_it(as_, staff):
    sue, max_ = as_("Sue"), as_("Max")
    kept = sue.send(
        "/floor/views", name="Gave up", query="outcome=gave_up&phone=%2B49301234&cursor=x&bad=1", shared="yes"
    )
    assert kept.headers["Location"] == "/floor/calls?outcome=gave_up&view=1"  # the number is not kept
    assert max_.send("/floor/views/1/begin", begins="yes").status_code == 303

    opened = max_.get("/floor/calls")
    assert opened.headers["Location"] == "/floor/calls?outcome=gave_up&view=1"
    assert "All calls" in max_.get("/floor/calls?all=1").text
    assert sue.get("/floor/calls").status_code == 200  # she begins without one


def test_a_view_of_ones_own_is_seen_by_nobody_else_and_only_its_owner_removes_it(as_, staff):
    sue, max_ = as_("Sue"), as_("Max")
    sue.send("/floor/views", name="Mine", query="language=bs", begins="yes")
    assert "Mine" not in max_.get("/floor/calls").text
    assert max_.send("/floor/views/1/begin", begins="yes").status_code == 404
    assert max_.send("/floor/views/1/remove").status_code == 404

    assert sue.send("/floor/views/1/remove").status_code == 303
    assert sue.get("/floor/calls").status_code == 200  # and nobody begins with what is gone


def test_the_same_name_again_replaces_the_view_and_no_name_is_refused(sue):
    sue.send("/floor/views", name="Late", query="overdue=yes")
    again = sue.send("/floor/views", name=" Late ", query="promise=kept_late")

    assert again.headers["Location"] == "/floor/calls?promise=kept_late&view=1"
    assert sue.send("/floor/views", name="  ", query="").status_code == 422
