"""Contracts come in from a file: what can be read is there, what cannot is told by its line."""

from __future__ import annotations

import io

import pytest

from app.domain.errors import BadFile
from app.models.contract import contracts_numbered, contracts_of_phone, terms_of
from app.runtime import Runtime
from app.services.import_contracts import Report, import_contracts

HEAD = "number,phone,email,goods,delivered_on,amount_cents\n"


def bring_in(runtime: Runtime, text: str) -> Report:
    with runtime.database.sessions.begin() as session:
        hotline = runtime.board.hotline_named("haushalt")
        file = io.BytesIO(text.encode())
        return import_contracts(
            session, runtime.vault, file, name="books.csv", hotline=hotline, now=runtime.clock.now()
        )


def test_a_contract_is_found_by_its_number_in_any_spelling_and_by_its_telephone(runtime: Runtime) -> None:
    report = bring_in(runtime, HEAD + "K-47 11,0151 12345678,cora@example.org,yes,2026-02-20,4990\n")
    assert (report.imported, report.left_out) == (1, [])

    with runtime.database.reads() as session:
        for spelling in ("K-47 11", "k4711", "4711"):
            (found,) = contracts_numbered(session, runtime.vault, "haushalt", spelling)
        (same,) = contracts_of_phone(session, runtime.vault, "haushalt", "+4915112345678")
        assert found is same
        assert terms_of(runtime.vault, found)["amount_cents"] == 4990
        assert contracts_numbered(session, runtime.vault, "sac", "4711") == []
        sealed = bytes(found.terms)
    assert b"cora" not in sealed


def test_the_same_number_again_replaces_what_was_known(runtime: Runtime) -> None:
    bring_in(runtime, HEAD + "4711,+4915112345678,,,,\n")
    report = bring_in(runtime, HEAD + "47-11,,,,,\n")

    assert (report.imported, report.replaced) == (0, 1)
    with runtime.database.reads() as session:
        assert contracts_of_phone(session, runtime.vault, "haushalt", "+4915112345678") == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",,,,,", "number: is missing"),
        ("1,12,,,,", "phone: is no telephone number"),
        ("1,,cora,,,", "email: is no e-mail address"),
        ("1,,,maybe,,", "goods: is neither yes nor no"),
        ("1,,,,20.2.2026,", "delivered_on: is no day such as 2026-03-02"),
        ("1,,,,,49.90", "amount_cents: is no whole number of cents"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_by_its_line(runtime: Runtime, row: str, problem: str) -> None:
    report = bring_in(runtime, HEAD + "4711,,,,,\n" + row + "\n")
    assert report.imported == 1
    assert report.left_out == [(3, problem)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_kind_of_file_is_refused_whole(runtime: Runtime) -> None:
    with pytest.raises(BadFile, match="no column 'number'"):
        bring_in(runtime, "phone,email\n1,2\n")
    with pytest.raises(BadFile, match="unknown columns price"):
        bring_in(runtime, "number,price\n1,2\n")
