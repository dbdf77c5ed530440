from __future__ import annotations

import pytest

from app.domain.competence import best_for
from app.domain.hotline import Shift

ADA = Shift(1, ("de", "en"), skills=("complaint",))
BEN = Shift(1, ("en",))
CEM = Shift(1, ("de",), skills=("recall", "cancellation"))


@pytest.mark.parametrize(
    ("language", "kind", "best"),
    [
        ("de", "complaint", [ADA]),
        ("de", "recall", [CEM]),
        ("en", "recall", [BEN]),
        ("en", "complaint", [ADA, BEN]),
        ("de", "", [ADA, CEM]),
        ("de", "information", [ADA, CEM]),
        ("bs", "recall", [BEN, CEM]),
        ("bs", "", [ADA, BEN, CEM]),
    ],
    ids=["language and skill", "another skill", "no skills are every skill", "both", "no kind yet",
         "nobody has the skill", "nobody has the language", "nobody has the language, no kind yet"],
)  # fmt: skip
def test_who_serves_a_matter_speaks_its_language_and_handles_its_kind(language, kind, best):
    assert best_for([ADA, BEN, CEM], language, kind) == best


def test_nobody_is_the_best_of_nobody():
    assert best_for([], "de", "complaint") == []
