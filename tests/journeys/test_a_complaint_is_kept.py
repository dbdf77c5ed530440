"""The main job, end to end: a call becomes a complaint, a promise, and a callback that is kept."""

from __future__ import annotations

from app.cli.virtual_office import VirtualOffice

CORA = "+4915112345678"


def test_who_complains_is_called_back_before_the_deadline(office: VirtualOffice) -> None:
    office.hire("Ada", "+493012345671")
    call = office.call(CORA)
    call.press("1").press("2").press("1").say("Ein Wasserkocher").press("1")
    call.say("Er ist nach zwei Tagen durchgebrannt.").press("#")
    call.press("2").press("1").press("1").press("1")
    office.run(minutes=10)

    (promise,) = office.promises()
    assert promise.status == "kept", promise.status
    assert promise.ended_at is not None
    assert promise.ended_at <= promise.due_at
