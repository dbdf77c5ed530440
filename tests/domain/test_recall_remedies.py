"""Which of repair, replacement and refund a published recall offers."""

from __future__ import annotations

import pytest

from app.domain.recall_remedies import remedies_in


@pytest.mark.parametrize(
    ("texts", "offered"),
    [
        (["refund or replacement"], ["replacement", "refund"]),
        (["free repair kit"], ["repair"]),
        (["Refund", "Replace"], ["replacement", "refund"]),
        (["Erstattung des Kaufpreises", "Ersatz"], ["replacement", "refund"]),
        (["New Instructions", "Dispose"], []),
        ([], []),
    ],
)
def test_the_words_of_a_list_come_to_remedies_in_the_order_of_the_keys(texts, offered):
    assert [str(remedy) for remedy in remedies_in(texts)] == offered
