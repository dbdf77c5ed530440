from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.hotline import Hotline
from app.ivr.flow import FlowSet
from app.ivr.hotline_file import Hotlines, load_hotlines
from app.ivr.loader import load_flows
from app.ivr.words import Words

FLOWS = Path("ivr_flows")


@pytest.fixture(scope="session")
def shipped_words() -> Words:
    return Words.load(FLOWS / "prompts")


@pytest.fixture(scope="session")
def shipped_flows(shipped_words: Words) -> FlowSet:
    return load_flows(FLOWS, shipped_words)


@pytest.fixture(scope="session")
def shipped_hotlines(shipped_flows: FlowSet) -> Hotlines:
    return load_hotlines(FLOWS / "hotline.yaml", flows=shipped_flows.entries, languages=shipped_flows.languages)


@pytest.fixture(scope="session")
def german_hotline(shipped_hotlines: Hotlines) -> Hotline:
    return shipped_hotlines.all[0]
