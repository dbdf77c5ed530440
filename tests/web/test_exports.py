"""Files of the call log: what stands in them, in each form, at once and later, and who gets them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.analytics.log_rows import COLUMNS, filter_from_json, log_rows
from app.domain.clock import Clock
from app.models.export import Export, ExportPart, expire
from app.models.staff import Staff
from app.services.enter_calls import enter_calls
from app.services.write_export import write_exports
from tests.web.make import CUSTOMER, make_attempt, make_call, make_case, make_promise

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def calls(session, runtime, staff):
    """A complaint kept by an agent whose name is a formula, in winter; and a call of summer time."""
    now, vault = runtime.clock.now(), runtime.vault
    session.get_one(Staff, staff["Ada"].id).name = '=HYPERLINK("http://evil.example";"Ada")'
    call = make_call(session, vault, now, key="call-a")
    promise = make_promise(session, vault, make_case(session, vault, now, call_key=call.key), now, call_key=call.key)
    make_attempt(session, staff["Ada"], promise, now)
    make_call(session, vault, now + timedelta(days=60), key="call-b", language="bs")
    session.commit()
    enter_calls(runtime.database, vault)
    return call


def written(runtime, go_on=lambda: True, wall=None):
    def rows_of(wanted, at):
        named = runtime.board.hotline_named
        return log_rows(runtime.database, runtime.vault, named, filter_from_json(wanted), now=at)

    clocks = {"clock": runtime.clock, "wall": wall or runtime.wall}
    return write_exports(runtime.database, runtime.vault, COLUMNS, rows_of, **clocks, go_on=go_on)


def test_csv_has_the_columns_of_the_schema_both_times_and_no_formula(sue, calls):
    answer = sue.send("/floor/exports", format="csv", query="")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))

    assert answer.text.splitlines()[0] == ",".join(COLUMNS)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calls-2026-03-02-1000.csv"'
    newest, oldest = rows
    assert (oldest["started_at"], oldest["started_local"]) == ("2026-03-02T09:00:00+00:00", "2026-03-02T10:00:00+01:00")
    assert newest["started_local"] == "2026-05-01T11:00:00+02:00"
    assert oldest["caller"] == "'" + CUSTOMER
    assert oldest["agent"].startswith("'=HYPERLINK")
    assert [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))] == []


def test_json_says_the_same_without_apostrophes_and_the_filter_holds(sue, calls):
    (row,) = json.loads(sue.send("/floor/exports", format="json", query="language=de&cursor=x").text)

    assert list(row) == list(COLUMNS)
    assert (row["caller"], row["outcome"], row["promise"], row["called_again"]) == (CUSTOMER, "promised", "open", False)
    assert json.loads(sue.send("/floor/exports", format="json", query="language=en").text) == []


def test_a_workbook_holds_texts_and_numbers_and_no_formula(sue, calls):
    answer = sue.send("/floor/exports", format="xlsx", query="")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert sheet.count("<row ") == 3
    assert "=HYPERLINK" in sheet
    assert re.search(r"<v>240</v>", sheet)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_large_file_is_written_by_the_clock_and_fetched_by_whoever_asked_for_it(as_, calls, runtime, web, form):
    web.config["EXPORT_AT_ONCE"] = 1
    sue = as_("Sue")
    at_once = sue.send("/floor/exports", format=form, query="")
    assert at_once.headers["Location"] == "/floor/exports"
    assert "waits to be written" in sue.get("/floor/exports").text

    assert written(runtime) == 1
    (path,) = re.findall(r'href="(/floor/exports/[^"]+/file)"', sue.get("/floor/exports").text)
    fetched = sue.get(path)
    assert fetched.status_code == 200
    with runtime.database.reads() as session:
        assert (session.scalars(sa.select(Export.rows)).all(), session.scalars(sa.select(Export.status)).all()) == (
            [2], ["ready"]
        )  # fmt: skip
        (part,) = session.scalars(sa.select(ExportPart)).all()
        assert CUSTOMER.encode() not in part.sealed
    if form != "xlsx":
        assert CUSTOMER in fetched.text

    assert as_("Max").get(path).status_code == 404  # a link alone is not enough
    assert as_("Ada").get(path).status_code == 403
    runtime.clock.advance(days=7)
    assert as_("Sue").get(path).status_code == 404
    written(runtime)
    with runtime.database.reads() as session:
        assert session.scalars(sa.select(ExportPart)).all() == []


def test_a_writer_that_is_stopped_dies_or_is_overtaken_leaves_one_whole_file(sue, calls, runtime, web):
    web.config["EXPORT_AT_ONCE"] = 1
    sue.send("/floor/exports", format="csv", query="")

    def status():
        with runtime.database.reads() as session:
            return session.scalar(sa.select(Export.status))

    assert written(runtime, go_on=lambda: False) == 0
    assert status() == "waiting"

    def dies() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        written(runtime, go_on=dies)
    assert status() == "writing"
    assert written(runtime) == 0  # its lease still holds
    runtime.clock.advance(minutes=3)

    class Sleeper(Clock):
        """A wall clock on which the writer sleeps past its lease, while another writes the file."""

        slept = False

        def now(self):
            return runtime.wall.now()

    def overtaken() -> bool:
        if not Sleeper.slept:
            Sleeper.slept = True
            runtime.clock.advance(minutes=3)
            assert written(runtime) == 1
        return True

    assert written(runtime, go_on=overtaken, wall=Sleeper()) == 0
    assert status() == "ready"
    (path,) = re.findall(r'href="(/floor/exports/[^"]+/file)"', sue.get("/floor/exports").text)
    assert sue.get(path).text.count("\r\n") == 3


def test_when_somebody_is_erased_every_file_goes(sue, calls, runtime, web):
    web.config["EXPORT_AT_ONCE"] = 1
    sue.send("/floor/exports", format="csv", query="")
    written(runtime)
    with runtime.database.sessions.begin() as session:
        assert expire(session, sa.true()) == 1

    assert "no longer kept" in sue.get("/floor/exports").text


def test_a_form_that_there_is_not_is_refused(sue):
    assert sue.send("/floor/exports", format="exe", query="").status_code == 422
