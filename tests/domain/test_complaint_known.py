"""From what a call's flow knows to the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.complaint import ComplaintRecord
from app.domain.complaint_known import fold_known

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
A_WHOLE_CALL = {
    "caller": "+4915112345678",
    "caller_callable": "yes",
    "hotline": "haushalt",
    "company": "Haus GmbH",
    "jurisdiction": "de",
    "consent_mode": "ask",
    "consent": "granted",
    "kinds": ["compensation", "dissatisfaction"],
    "about": "product",
    "product": "Wasserkocher",
    "model": "4006381333931",
    "story": "RE123",
    "story_text": "Er tropft.",
    "story_seconds": 12,
    "hurt": "yes",
    "remedy": "replacement",
    "phone": "+493012345678",
    "order": "A-17",
    "contact_time": "abends",
    "protocol": "2612345679",
    "case_kind": "complaint",
    "promised": "yes",
    "due_at": "2026-03-02T13:00:00+00:00",
    "match": "possible",
    "recall_number": "26651",
}


def test_a_whole_call_fills_the_record():
    record = fold_known(ComplaintRecord(), A_WHOLE_CALL, at=AT)

    assert record.complainant.phone == "+493012345678"
    assert record.matter.kinds == ("dissatisfaction", "compensation")
    assert record.matter.gtin == "04006381333931"
    assert record.matter.injury is True
    assert record.assessment.severity == "safety"
    assert record.assessment.promised_at == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert record.assessment.acknowledged_at == AT
    assert record.receipt.recording_consent.status == "granted"
    assert record.receipt.recording_consent.answered_at == AT
    assert record.matter.recall_match.recall_number == "26651"
    assert record.matter.narrative == "Er tropft."


def test_folding_again_later_changes_nothing():
    once = fold_known(ComplaintRecord(), A_WHOLE_CALL, at=AT)

    assert fold_known(once, A_WHOLE_CALL, at=AT + timedelta(minutes=3)) == once


def test_silence_erases_nothing():
    full = fold_known(ComplaintRecord(), A_WHOLE_CALL, at=AT)

    assert fold_known(full, dict.fromkeys(A_WHOLE_CALL, ""), at=AT) == full


def test_the_number_called_from_is_taken_until_another_is_given():
    first = fold_known(ComplaintRecord(), {"caller": "+4915112345678"}, at=AT)
    then = fold_known(first, {"caller": "+4915112345678", "phone": "+493012345678"}, at=AT)
    withheld = fold_known(ComplaintRecord(), {"caller": "", "caller_callable": "no"}, at=AT)

    assert first.complainant.phone == "+4915112345678"
    assert then.complainant.phone == "+493012345678"
    assert withheld.complainant.phone is None


def test_a_promise_that_was_not_made_is_not_on_record():
    record = fold_known(ComplaintRecord(), {"promised": "no", "due_at": "2026-03-02T13:00:00Z"}, at=AT)

    assert record.assessment.promised_at is None


@pytest.mark.parametrize("name", sorted(A_WHOLE_CALL))
def test_one_answer_that_does_not_fit_leaves_the_others_standing(name):
    record = fold_known(ComplaintRecord(), {"product": "Wasserkocher", name: {"not": "a scalar"}}, at=AT)

    assert name == "product" or record.matter.product == "Wasserkocher"


@given(
    st.dictionaries(
        st.sampled_from([*sorted(A_WHOLE_CALL), "unheard_of"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text(), max_size=3)),
    )
)
def test_no_answer_whatever_makes_folding_fail(known):
    record = fold_known(ComplaintRecord(), known, at=AT)

    assert 0 <= record.completeness() <= 100
