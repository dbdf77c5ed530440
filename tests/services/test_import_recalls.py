"""Recall lists come in, and products are looked up in them, on both databases."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.domain.errors import BadFile
from app.models.engines import Database
from app.models.recall import RecallIdentifier, RecallRow
from app.services.import_recalls import import_recalls
from app.services.look_up_recall import look_up_recall
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


@pytest.mark.parametrize(
    ("heard", "certainty", "number"),
    [
        pytest.param("HANS0002", "exact", "26651", id="a listed model"),
        pytest.param("hans 0002", "exact", "26651", id="spoken with a blank"),
        pytest.param("035051120339", "exact", "24281", id="a listed bar code"),
        pytest.param("0 35051 12033 9", "exact", "24281", id="with blanks"),
        pytest.param("077890287354", "exact", "13262", id="listed with blanks"),
        pytest.param("0002", "possible", "26651", id="only the digits of a model"),
        pytest.param("HANS0", "possible", "26651", id="the beginning of a model"),
        pytest.param("HANS00027", "possible", "26651", id="more than the model"),
        pytest.param("03505112033", "possible", "24281", id="the last digit missing"),
        pytest.param("03505120339", "possible", "24281", id="a digit in the middle missing"),
        pytest.param("035051120333", "possible", "24281", id="a wrong digit"),
        pytest.param("035051591768", "possible", "24281", id="listed with a wrong check digit"),
        pytest.param("073844904137", "possible", "13253", id="of which the list has a part"),
        pytest.param("193175488718", "possible", "25366", id="a bar code only the text mentions"),
        pytest.param("70084", "possible", "25366", id="an item number only the text mentions"),
        pytest.param("TP16023", "possible", "14013", id="a model only the text mentions"),
        pytest.param("16023", "possible", "14013", id="its digits"),
        pytest.param("35828", "possible", "03187", id="five digits in a list of bar codes"),
        pytest.param("24281", "possible", "24281", id="the number of the recall itself"),
        pytest.param("4006381333931", "none", None, id="another product"),
        pytest.param("XQ-99999-ZZ", "none", None, id="an unknown model"),
        pytest.param("", "unchecked", None, id="nothing"),
        pytest.param("- 7", "unchecked", None, id="too little"),
    ],
)
def test_what_was_heard_is_looked_up(session, heard, certainty, number):
    match = look_up_recall(session, heard)

    assert match.certainty == certainty
    assert (match.recalls[0].number if match.recalls else None) == number


def test_without_a_list_nothing_is_checked(database):
    with database.sessions.begin() as session:
        assert look_up_recall(session, "HANS0002").to_known() == {"match": "unchecked"}


def test_a_match_tells_the_flow_what_to_say(session):
    assert look_up_recall(session, "HANS0002").to_known() == {
        "match": "exact",
        "recall_number": "26651",
        "recall_title": "HARPPA Recalls Nordi Toddler Tower Stools Due to Risk of Serious Injury and Death from "
        "Entrapment and Fall Hazards",
        "hazard": "collapse, tip-over, fall and entrapment",
        "recall_remedy": "free repair kit",
    }


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
