"""The two files of locked packages, and the script that installs them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.guards.tree import ROOT

PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def test_who_has_the_packages_for_the_tests_has_those_of_the_product() -> None:
    product, checks = (
        set(PIN.findall((ROOT / name).read_text())) for name in ("requirements.txt", "requirements-dev.txt")
    )

    assert product
    assert product - checks == set()


def test_an_environment_made_for_the_tests_is_not_installed_anew_for_the_product(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    shutil.copy(ROOT / "scripts/setup", tmp_path / "scripts")
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copy(tmp_path / "requirements-dev.txt", tmp_path / ".venv")

    made = subprocess.run(
        [tmp_path / "scripts/setup", "requirements.txt"], capture_output=True, text=True, check=False, timeout=60
    )

    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
