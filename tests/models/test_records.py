"""A record is one sealed whole: two who change it at once must not lose one another's words."""

from __future__ import annotations

import pytest

from app.domain.complaint import ComplaintRecord
from app.models.case import Case
from app.models.records import open_record, record_to_change, seal_record
from app.runtime import Runtime


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_somebody_else_put_into_the_record_meanwhile_stays_in_it(runtime: Runtime) -> None:
    vault, now = runtime.vault, runtime.clock.now()
    case = Case(
        key="key", protocol="1", kind="complaint", status="received", channel="phone", language="de", hotline="h",
        source="text", source_id="1", received_at=now, changed_at=now,
    )  # fmt: skip
    seal_record(vault, case, ComplaintRecord())
    sessions = runtime.database.sessions
    with sessions.begin() as session:
        session.add(case)
    with sessions.begin() as slow:
        read = slow.get_one(Case, case.id)
        with sessions.begin() as quick:
            theirs = quick.get_one(Case, case.id)
            record = record_to_change(quick, vault, theirs).with_facts({"matter.product": "Wasserkocher"})
            seal_record(vault, theirs, record)

        seal_record(vault, read, record_to_change(slow, vault, read).with_facts({"matter.model": "W 700"}))
        slow.flush()
        seal_record(vault, read, record_to_change(slow, vault, read).with_facts({"matter.issue": "brennt"}))

    with runtime.database.reads() as session:
        matter = open_record(vault, session.get_one(Case, case.id)).matter
    assert (matter.product, matter.model, matter.issue) == ("Wasserkocher", "W 700", "brennt")
