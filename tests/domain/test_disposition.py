from __future__ import annotations

import pytest

from app.domain.complaint_terms import OutcomeKind
from app.domain.disposition import CONSEQUENCES, Disposition, PromiseMove, consequence_of

T13 = {
    OutcomeKind.REGRET_ONLY,
    OutcomeKind.TEMPORARY_SUBSTITUTE,
    OutcomeKind.IMMEDIATE_FIX,
    OutcomeKind.GOODWILL_DISCOUNT,
    OutcomeKind.REFUND,
    OutcomeKind.EXCHANGE,
    OutcomeKind.REFERRED,
}


def test_every_disposition_has_its_consequence():
    assert set(CONSEQUENCES) == set(Disposition)


def test_every_outcome_of_t13_can_be_chosen():
    assert {consequence.outcome for consequence in CONSEQUENCES.values()} >= T13


@pytest.mark.parametrize("disposition", list(Disposition))
def test_a_case_that_stays_open_has_a_next_step_or_a_promise_that_lives_on(disposition):
    follows = consequence_of(disposition)

    assert follows.closes_case or follows.next_step or follows.promise in (PromiseMove.RENEW, PromiseMove.RETRY)


@pytest.mark.parametrize("disposition", list(Disposition))
def test_a_case_is_closed_only_with_an_outcome(disposition):
    follows = consequence_of(disposition)

    assert follows.outcome is not None or not follows.closes_case


def test_who_is_rejected_hears_of_the_ombudsman():
    assert consequence_of(Disposition.REJECTED).offers_escalation


def test_regret_alone_does_not_end_the_search_for_a_solution():
    assert consequence_of(Disposition.REGRET).next_step == "find_solution"


def test_a_call_that_was_cut_off_keeps_no_promise():
    assert consequence_of(Disposition.CUT_OFF).promise is PromiseMove.RETRY
