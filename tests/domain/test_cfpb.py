"""Complaints of the CFPB to our record and back."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given

from app.domain.cfpb import cell_of, check_columns, read_complaint, unknown_words, write_complaint
from app.domain.cfpb_columns import COLUMNS, column_of
from app.domain.complaint import ComplaintRecord
from app.domain.errors import BadFile, Invalid
from tests.cfpb_rows import generated_rows, real_rows

ROW = {
    "complaint_id": "7",
    "date_received": "2019-02-07",
    "product": "Mortgage",
    "tags": "Older American, Servicemember",
    "consumer_consent_provided": "N/A",
    "submitted_via": "Postal mail",
    "company_response": "Closed with monetary relief",
    "timely": "Yes",
    "consumer_disputed": "N/A",
}


@pytest.mark.parametrize("row", real_rows(), ids=lambda row: row["complaint_id"])
def test_a_real_complaint_comes_back_as_it_was(row):
    record = read_complaint(row)

    assert list(write_complaint(record).items()) == list(row.items())
    assert ComplaintRecord.from_json(json.loads(json.dumps(record.to_stored()))) == record


@given(generated_rows())
def test_a_row_of_any_columns_and_words_comes_back_as_it_was(row):
    assert list(write_complaint(read_complaint(row)).items()) == list(row.items())


def test_the_facts_are_in_their_places():
    record = read_complaint(ROW)

    assert record.receipt.received_on == date(2019, 2, 7)
    assert record.receipt.channel == "post"
    assert record.complainant.vulnerability_tags == ("older_person", "servicemember")
    assert (record.outcome.outcome, record.outcome.status, record.outcome.timely) == ("monetary", "closed", True)
    assert record.receipt.recording_consent.status == "not_asked"
    assert record.source_fields == {"consumer_consent_provided": "N/A", "consumer_disputed": "N/A"}


@pytest.mark.parametrize("day", ["2019-02-07T12:00:00-05:00", "02/07/2019", "2/7/19"])
def test_a_day_in_another_spelling_is_understood_and_kept(day):
    record = read_complaint({**ROW, "date_received": day})

    assert record.receipt.received_on == date(2019, 2, 7)
    assert cell_of(record, "date_received") == day


def test_what_was_changed_here_is_written_anew_and_the_rest_as_it_came():
    record = read_complaint({**ROW, "company_response": "Closed with relief", "tags": "Servicemember, Older American"})

    changed = record.with_facts({"outcome.outcome": "refund", "outcome.disputed": False})

    assert cell_of(record, "company_response") == "Closed with relief"
    assert cell_of(changed, "company_response") == "Closed with monetary relief"
    assert cell_of(changed, "consumer_disputed") == "No"
    assert cell_of(changed, "consumer_consent_provided") == "N/A"


def test_a_word_that_is_not_in_the_lists_is_kept_and_told():
    record = read_complaint({**ROW, "submitted_via": "Pigeon"})

    assert record.receipt.channel is None
    assert unknown_words(record) == ("Submitted via: 'Pigeon'",)
    assert write_complaint(record)["submitted_via"] == "Pigeon"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("complaint_id", None),
        ("complaint_id", ""),
        ("complaint_id", "12a"),
        ("date_received", None),
        ("date_received", "2019-02-30"),
        ("date_received", "yesterday"),
        ("date_sent_to_company", ""),
        ("product", ["Mortgage"]),
        ("product", {"name": "Mortgage"}),
    ],
)
def test_a_row_without_number_or_day_is_refused_by_field(field, value):
    with pytest.raises(Invalid) as refusal:
        read_complaint({**ROW, field: value})

    assert refusal.value.field == field


def test_a_complaint_of_ours_is_written_in_the_cfpbs_words():
    ours = ComplaintRecord().with_facts(
        {
            "receipt.protocol": "2612345679",
            "receipt.received_at": "2026-03-02T09:00:00Z",
            "receipt.channel": "phone",
            "matter.narrative": "Er tropft.",
            "outcome.outcome": "goodwill_discount",
            "outcome.status": "closed",
            "outcome.timely": False,
        }
    )

    row = write_complaint(ours)

    assert set(row) == {column.field for column in COLUMNS}
    assert row["complaint_id"] == "2612345679"
    assert row["date_received"] == "2026-03-02"
    assert (row["submitted_via"], row["timely"]) == ("Phone", "No")
    assert row["company_response"] == "Closed with monetary relief"
    assert write_complaint(read_complaint({k: v for k, v in row.items() if v is not None}))["timely"] == "No"


def test_headings_and_field_names_mean_the_same_column():
    assert column_of("Consumer complaint narrative") is column_of("complaint_what_happened")
    assert column_of("  TIMELY   response? ") is column_of("timely")
    assert column_of("Colour") is None


@pytest.mark.parametrize(
    "names",
    [["a", "b"], ["Complaint ID", "a", "b"], ["Product", "Issue", "State"], ["Complaint ID", "Product", "product"]],
)
def test_a_file_of_something_else_is_refused(names):
    with pytest.raises(BadFile, match=r"^file:1: "):
        check_columns(names, "file", 1)
