from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.hotline import Hotline
from app.ivr.hotline_file import load_hotlines
from app.ivr.loader import load_flows
from app.ivr.words import Words
from app.proving.prompt_classes import load_classes
from tests.proving.broken import Shipped

FLOWS = Path("ivr_flows")


@pytest.fixture(scope="session")
def shipped() -> Shipped:
    words = Words.load(FLOWS / "prompts")
    return Shipped(load_flows(FLOWS, words), words, load_classes(FLOWS))


@pytest.fixture(scope="session")
def hotlines(shipped: Shipped) -> dict[str, Hotline]:
    found = load_hotlines(FLOWS / "hotline.yaml", flows=shipped.flows.entries, languages=tuple(shipped.flows.languages))
    return {hotline.name: hotline for hotline in found}
