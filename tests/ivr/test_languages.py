from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.hotline import Hotline
from app.ivr.hotline_file import load_hotlines
from app.ivr.languages import language_for

ALL = ["de", "en", "pt-BR", "bs"]


@pytest.fixture
def hotline() -> Hotline:
    return load_hotlines(Path("ivr_flows/hotline.yaml"), flows=["main"], languages=ALL).all[0]


@pytest.mark.parametrize(
    ("caller", "remembered", "language"),
    [
        pytest.param("+551130001234", "en", "en", id="the remembered one before all"),
        pytest.param("+551130001234", None, "pt-BR", id="that of the caller's country"),
        pytest.param("+38733123456", None, "bs", id="Bosnian for Bosnia"),
        pytest.param("+38514567890", None, "bs", id="Bosnian/Croatian for Croatia"),
        pytest.param("+81312345678", None, "de", id="the main one for a country without one of ours"),
        pytest.param("", None, "de", id="the main one for a withheld number"),
        pytest.param("+551130001234", "fr", "pt-BR", id="a remembered one that is no more spoken does not count"),
    ],
)
def test_a_caller_is_greeted_in(hotline: Hotline, caller: str, remembered: str | None, language: str) -> None:
    assert language_for(hotline, caller, remembered) == language


def test_the_language_of_a_country_counts_only_where_the_hotline_speaks_it(hotline: Hotline) -> None:
    german_only = replace(hotline, languages=("de",))

    assert language_for(german_only, "+551130001234", "en") == "de"
