"""The settings that `scripts/run` keeps for one machine."""

import stat
import subprocess
from pathlib import Path

from app.cli import local_env
from app.migrations.upgrade import upgrade
from app.settings import Settings, environment

ADDRESSES = {"PUBLIC_URL": "http://127.0.0.1:8000", "TWILIO_API_URL": "http://127.0.0.1:8001"}


def test_what_is_made_up_makes_a_safe_start(tmp_path: Path) -> None:
    values = local_env.write(tmp_path / "local.env", ADDRESSES)

    assert Settings.read(values).public_url == "http://127.0.0.1:8000"


def test_secrets_stay_and_addresses_follow_the_newest_start(tmp_path: Path) -> None:
    first = local_env.write(tmp_path / "local.env", ADDRESSES)

    second = local_env.write(tmp_path / "local.env", {**ADDRESSES, "PUBLIC_URL": "http://127.0.0.1:9000"})

    assert second == {**first, "PUBLIC_URL": "http://127.0.0.1:9000"}
    assert local_env.read(tmp_path / "local.env") == second


def test_two_machines_make_up_different_secrets(tmp_path: Path) -> None:
    here = local_env.write(tmp_path / "here.env", {})
    there = local_env.write(tmp_path / "there.env", {})

    assert not set(here.values()) & set(there.values())


def test_nobody_else_on_the_machine_can_read_the_secrets(tmp_path: Path) -> None:
    local_env.write(tmp_path / "local.env", ADDRESSES)

    assert stat.S_IMODE((tmp_path / "local.env").stat().st_mode) == 0o600


def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    assert local_env.read(tmp_path / "local.env") == {}


def test_the_command_line_works_in_the_office_that_was_started_last(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/office.db"
    upgrade(database)
    values = local_env.write(tmp_path / "local.env", {**ADDRESSES, "DATABASE_URL": database})
    assert values["DATA_KEYS"].endswith("=")  # which a shell is quick to lose

    listed = subprocess.run(
        ["scripts/hotline", "staff", "list"],
        env={"PATH": environment()["PATH"], "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (listed.returncode, listed.stderr) == (0, "")
