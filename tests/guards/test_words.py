"""Every noun that has a table is explained in the glossary."""

import re
from pathlib import Path

import pytest

from app.models.everything import Base
from tests.guards.tree import text

MODELS = sorted(mapper.class_.__name__ for mapper in Base.registry.mappers)


def glossary() -> set[str]:
    entries = re.findall(r"^\| \*\*(.+?)\*\* \|", text(Path("docs/glossary.md")), flags=re.MULTILINE)
    return {word.strip() for entry in entries for word in entry.split(",")}


def words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Row")).lower()


@pytest.mark.parametrize("model", MODELS)
def test_a_model_is_named_by_a_word_of_the_glossary(model: str) -> None:
    assert words(model) in glossary()


def test_a_word_has_one_entry() -> None:
    entries = re.findall(r"^\| \*\*(.+?)\*\* \|", text(Path("docs/glossary.md")), flags=re.MULTILINE)
    listed = [word.strip() for entry in entries for word in entry.split(",")]

    assert sorted(listed) == sorted(set(listed))
