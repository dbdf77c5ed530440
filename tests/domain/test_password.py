"""Which passwords are refused, and that the rest go."""

import pytest

from app.domain.errors import Invalid
from app.domain.password import check_password


@pytest.mark.parametrize(
    "password",
    [
        "short words",
        "passwordpassword",
        "123456789012",
        "aaaaaaaaaaaaaaaa",
        "ada@office.example",
        "Ada Lovelace 12",
        "x" * 300,
    ],
)
def test_what_is_guessed_first_is_refused(password):
    with pytest.raises(Invalid):
        check_password(password, "ada@office.example", "Ada Lovelace")


@pytest.mark.parametrize(
    "password",
    [
        "four words nobody expects",
        "Übergrößenträgerin!",
        "пароль из четырёх слов",
        "k9$Jq2!vXz7p",
        "w" * 3 + "orts " * 12,
    ],
)
def test_anything_else_goes(password):
    check_password(password, "ada@office.example", "Ada Lovelace")
