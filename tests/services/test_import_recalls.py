"""Recall lists come in, and products are looked up in them, on both databases."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.domain.complaint_terms import Certainty
from app.domain.errors import BadFile
from app.models.engines import Database
from app.models.recall import RecallIdentifier, RecallRow
from app.services.import_recalls import import_recalls
from app.services.look_up_recall import Match, exact_recalls, look_up_recall
from tests.cfpb_rows import ROOT, SHARED

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def session(database):
    """A transaction in which the project's own lists are imported."""
    with database.sessions.begin() as session:
        bring_in(session, (ROOT / "data" / "cpsc_recalls_rest.json").read_bytes())
        bring_in(session, (ROOT / "data" / "usa_gov_recalls.json").read_bytes())
        yield session


def bring_in(session, content: bytes | str):
    content = content.encode() if isinstance(content, str) else content
    return import_recalls(session, io.BytesIO(content), name="file", now=NOW)


@pytest.mark.skipif(not SHARED.exists(), reason="the large lists are not beside the project")
@pytest.mark.parametrize(
    ("name", "recalls", "doubtful"), [("cpsc_recalls_1973_2013.json", 1577, 20), ("cpsc_recalls_rest.json", 3, 1)]
)
def test_every_real_recall_comes_in_once(database, name, recalls, doubtful):
    with database.sessions.begin() as session:
        first = bring_in(session, (SHARED / name).read_bytes())
        again = bring_in(session, (SHARED / name).read_bytes())

    assert (first.imported, first.left_out, first.doubtful_identifiers) == (recalls, [], doubtful)
    assert (again.imported, again.changed, again.unchanged) == (0, 0, recalls)


def test_a_recall_keeps_what_callers_ask_for(session):
    recall = session.scalars(sa.select(RecallRow).where(RecallRow.number == "26651")).one()

    assert (recall.source, recall.published_on) == ("cpsc", date(2026, 7, 30))
    assert recall.hazards == ["collapse, tip-over, fall and entrapment"]
    assert recall.remedies == ["free repair kit"]
    assert recall.contact.startswith("HARPPA toll-free")


def test_a_number_with_a_trailing_blank_and_a_list_without_descriptions_are_understood(session):
    titles = dict(session.execute(sa.select(RecallRow.number, RecallRow.title)).all())

    assert "13173" in titles
    assert titles["07295"] == "Gerber, Wal-Mart, Fiskars Knives/Cutters/Blades/Sheaths"


HEARD = (
    # what is heard, how sure the match is, which recall, what is special about it
    ("HANS0002", "exact", "26651", "a listed model"),
    ("hans 0002", "exact", "26651", "spoken with a blank"),
    ("035051120339", "exact", "24281", "a listed bar code"),
    ("0 35051 12033 9", "exact", "24281", "with blanks"),
    ("077890287354", "exact", "13262", "listed with blanks"),
    ("0002", "possible", "26651", "only the digits of a model"),
    ("HANS0", "possible", "26651", "the beginning of a model"),
    ("HANS00027", "possible", "26651", "more than the model"),
    ("03505112033", "possible", "24281", "the last digit missing"),
    ("03505120339", "possible", "24281", "a digit in the middle missing"),
    ("035051120333", "possible", "24281", "a wrong digit"),
    ("035051591768", "possible", "24281", "listed with a wrong check digit"),
    ("073844904137", "possible", "13253", "of which the list has a part"),
    ("193175488718", "possible", "25366", "a bar code only the text mentions"),
    ("70084", "possible", "25366", "an item number only the text mentions"),
    ("TP16023", "possible", "14013", "a model only the text mentions"),
    ("16023", "possible", "14013", "its digits"),
    ("35828", "possible", "03187", "five digits in a list of bar codes"),
    ("24281", "possible", "24281", "the number of the recall itself"),
    ("4006381333931", "none", None, "another product"),
    ("XQ-99999-ZZ", "none", None, "an unknown model"),
    ("", "unchecked", None, "nothing"),
    ("- 7", "unchecked", None, "too little"),
)


def test_what_was_heard_is_looked_up(session):
    """P8."""
    wrong = []
    for heard, certainty, number, about in HEARD:
        match = look_up_recall(session, heard)
        found = match.recalls[0].number if match.recalls else None
        if (str(match.certainty), found) != (certainty, number):
            wrong.append((about, str(match.certainty), found))

    assert wrong == []


def test_without_a_list_nothing_is_checked(database):
    with database.sessions.begin() as session:
        assert look_up_recall(session, "HANS0002") == Match(Certainty.UNCHECKED)


def test_a_recall_published_anew_replaces_the_old_one_with_its_numbers(session):
    [first, *_] = json.loads((ROOT / "data" / "cpsc_recalls_rest.json").read_text())
    first["Products"][0]["Model"] = "HANS0003"

    report = bring_in(session, json.dumps([first]))

    assert (report.imported, report.changed) == (0, 1)
    assert look_up_recall(session, "HANS0003").certainty == "exact"
    assert session.scalar(sa.select(sa.func.count()).where(RecallIdentifier.normal == "HANS0002")) == 0


def test_a_list_as_csv_is_read_by_its_headings(session):
    report = bring_in(
        session,
        "Date,Recall Number,Recall Heading,Name of product,UPC,Model\n"
        '"July 30, 2026",26999 ,Kettle recalled,Kettle,"4006381333931; 4006381333948",K-17\n',
    )

    assert (report.imported, report.left_out) == (1, [])
    assert look_up_recall(session, "4006381333948").recalls[0].number == "26999"
    assert look_up_recall(session, "k17").recalls[0].published_on is not None


def test_lots_and_ranges_of_serial_numbers_of_a_csv_list_are_found_exactly(session):
    """P8: by lot, by serial number."""
    bring_in(
        session,
        "recall number;title;lot;serial range;remedy;what to do;risk\n"
        "R-1;Kettle;L-0815, L-0816;SN-001000 to SN-001399;repair or refund;Unplug it;serious\n",
    )

    kettle = session.scalars(sa.select(RecallRow).where(RecallRow.number == "R-1")).one()
    assert kettle.document["what_to_do"] == "Unplug it"
    assert [look_up_recall(session, heard).certainty for heard in ("sn 001399", "SN001000", "L 0816")] == ["exact"] * 3
    assert look_up_recall(session, "001200").certainty == "possible"  # only keys, no letters
    assert look_up_recall(session, "SN001400").certainty == "none"


def test_a_recall_twice_in_one_list_is_one_recall_and_the_later_row_counts(database):
    rows = [{"RecallNumber": "1", "Title": title} for title in ("first", "first", "second")]
    with database.sessions.begin() as session:
        report = bring_in(session, json.dumps(rows))

        assert (report.imported, report.changed, report.unchanged) == (1, 1, 1)
        assert session.scalars(sa.select(RecallRow.title)).all() == ["second"]


def test_exact_matches_of_several_numbers_are_found_together(session):
    found = exact_recalls(session, [("gtin", "00035051120339"), ("model", "HANS0002"), ("model", "XQ1")])

    assert [recall.number for recall in found] == ["26651", "24281"]


def test_bad_rows_are_told_by_number_and_left_out(database):
    rows = [
        {"RecallNumber": "1", "Title": "good"},
        {"RecallNumber": " ", "Title": "no number"},
        {"RecallNumber": "3"},
        {"RecallNumber": "4", "Title": "a day that is none", "RecallDate": "soon"},
        "no object",
        {"RecallNumber": "6", "Title": "good", "RecallDate": None},
    ]
    with database.sessions.begin() as session:
        report = bring_in(session, json.dumps(rows))

    assert report.imported == 2
    assert [number for number, _ in report.left_out] == [2, 3, 4, 5]


def test_a_file_of_something_else_is_refused(database):
    with database.sessions.begin() as session, pytest.raises(BadFile, match="no recalls"):
        bring_in(session, "Complaint ID,Product\n1,Mortgage\n")
