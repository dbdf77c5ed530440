"""The complaint record: it exists from the first word, and says what is missing."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta, timezone

import jsonschema_rs
import pytest
from pydantic import ValidationError

from app.domain.complaint import WANTED, ComplaintRecord, fact_of, json_schema
from app.domain.complaint_table import fields_of_group, notes_of
from tests.domain.records import GROUPS, random_facts


def test_a_complaint_of_which_nothing_is_known_is_a_complaint():
    record = ComplaintRecord()

    assert record.completeness() == 0
    assert "matter.product" in record.missing()
    assert jsonschema_rs.is_valid(json_schema(), record.to_json())


def test_a_record_with_every_required_fact_is_complete():
    everything = dict(random_facts(random.Random(1), share=1.0))
    record = ComplaintRecord().with_facts(everything)

    assert record.completeness() == 100
    assert record.missing() == ()


def test_five_thousand_generated_records_match_the_published_schema_and_survive_json():
    validator = jsonschema_rs.validator_for(json_schema(), validate_formats=True)
    chance = random.Random(2026)
    for _ in range(5_000):
        record = ComplaintRecord().with_facts(dict(random_facts(chance, share=chance.random())))
        value = json.loads(json.dumps(record.to_json()))
        validator.validate(value)
        assert ComplaintRecord.from_json(value) == record
        assert ComplaintRecord.from_json(json.loads(json.dumps(record.to_stored()))) == record


def test_completeness_never_falls_when_a_fact_is_added():
    chance = random.Random(7)
    for _ in range(200):
        facts = random_facts(chance, share=1.0)
        chance.shuffle(facts)
        record, before = ComplaintRecord(), 0
        for name, value in facts:
            record = record.with_facts({name: value})
            assert record.completeness() >= before, name
            before = record.completeness()


def test_the_weights_are_percent_and_every_required_field_has_one():
    weighted = {name for wanted in WANTED for name in wanted.fields}
    required = {
        f"{group}.{name}"
        for group in GROUPS
        for name, field in fields_of_group(group)
        if notes_of(field)["x-need"] == "required"
    }

    assert sum(wanted.weight for wanted in WANTED) == 100
    assert required <= weighted


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("complainant.phone", "030 123456"),
        ("complainant.phone", "+0301234"),
        ("complainant.email", "nobody"),
        ("receipt.language", "deutsch!"),
        ("receipt.received_at", "2026-03-02T09:00:00"),
        ("receipt.channel", "pigeon"),
        ("matter.vin", "IOQ45678901234567"),
        ("matter.currency", "euro"),
        ("outcome.satisfaction", 6),
        ("matter.colour", "red"),
        ("matter.product", ""),
    ],
)
def test_what_does_not_fit_the_scheme_is_refused(name, value):
    with pytest.raises(ValidationError):
        ComplaintRecord().with_facts({name: value})


@pytest.mark.parametrize(
    ("typed", "kept", "check"),
    [
        ("4006381333931", "04006381333931", "valid"),
        ("4006381333932", "04006381333932", "wrong"),
        ("B-17", "B-17", "partial"),
    ],
)
def test_a_bar_code_that_fails_its_check_is_flagged_not_refused(typed, kept, check):
    record = ComplaintRecord().with_facts({"matter.gtin": typed})

    assert (record.matter.gtin, record.matter.gtin_check) == (kept, check)


def test_times_are_kept_in_utc_and_languages_in_their_usual_form():
    at = datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1)))
    record = ComplaintRecord().with_facts({"receipt.received_at": at, "receipt.language": "pt-br"})

    assert record.to_json()["receipt"]["received_at"] == "2026-03-02T09:00:00Z"
    assert record.receipt.language == "pt-BR"


def test_danger_is_asked_for_products_but_not_missed_for_services():
    product = ComplaintRecord().with_facts({"matter.about": "product"})
    service = ComplaintRecord().with_facts({"matter.about": "service"})

    assert "matter.injury" in product.missing()
    assert "matter.injury" not in service.missing()


def test_closing_by_rejection_needs_the_ways_beyond_us():
    told = {"outcome.response": "no", "outcome.decided_at": "2026-03-02T09:00:00Z"}
    record = ComplaintRecord().with_facts({**told, "outcome.outcome": "rejected"})

    assert record.missing_for_closing() == ("outcome.communicated_at", "outcome.escalation_offered")


def test_the_schema_describes_every_field_and_names_itself():
    schema = json_schema("https://hotline.example")
    undescribed = [
        f"{group}.{name}" for group in GROUPS for name, field in fields_of_group(group) if not field.description
    ]

    assert schema["$id"] == "https://hotline.example/schemas/complaint-1.json"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert jsonschema_rs.meta.is_valid(schema)
    assert undescribed == []
    assert not jsonschema_rs.is_valid(schema, {"matter": {"colour": "red"}})


def test_a_day_is_a_day():
    record = ComplaintRecord().with_facts({"matter.purchased_on": "2026-02-28"})

    assert fact_of(record, "matter.purchased_on") == date(2026, 2, 28)
