"""The files that belong to this project, as git lists them, or all of them where there is no git."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


@cache
def files() -> tuple[Path, ...]:
    """Paths from the root, sorted; tracked ones, and new ones that are not ignored."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        paths = {Path(name) for name in listed.split("\0") if name}
    else:
        paths = {path.relative_to(ROOT) for path in ROOT.rglob("*") if not NOT_OURS & {*path.relative_to(ROOT).parts}}
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def text(path: Path) -> str:
    """The words of a file; of a picture or a sound nothing."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
