"""Our gate believes exactly what Twilio's own validator believes."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from app.telephony.twilio.signature import Gate, signature_of

TOKEN = "0123456789abcdef0123456789abcdef"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FORMS = st.dictionaries(
    st.one_of(TEXT, st.sampled_from(["From", "To", "Digits"])), st.lists(TEXT, min_size=1, max_size=3)
)
BASES = st.sampled_from(
    [
        "https://a.example",
        "https://a.example:443",
        "https://a.example:8443",
        "http://127.0.0.1:18000",
        "http://a.example",
    ]
)
QUERIES = st.from_regex(r"[a-z]=[A-Za-z0-9._~%-]{0,9}", fullmatch=True).map("?{}".format) | st.just("")
PATHS = st.builds("/voice/{}{}".format, TEXT.map(quote), QUERIES)


def form(params: dict[str, list[str]]) -> MultiDict[str, str]:
    return MultiDict([(name, value) for name, values in params.items() for value in values])


@given(base=BASES, path=PATHS, params=FORMS)
def test_what_twilio_signs_is_genuine(base: str, path: str, params: dict[str, list[str]]) -> None:
    signature = RequestValidator(TOKEN).compute_signature(base + path, form(params))

    assert Gate(base, [TOKEN]).is_genuine(path, params, signature)
    assert signature_of(TOKEN.encode(), base + path, params) == signature


@given(base=BASES, path=PATHS, params=FORMS, signed_base=BASES)
def test_the_gate_and_twilios_validator_agree(
    base: str, path: str, params: dict[str, list[str]], signed_base: str
) -> None:
    validator = RequestValidator(TOKEN)
    signature = validator.compute_signature(signed_base + path, form(params))

    assert Gate(base, [TOKEN]).is_genuine(path, params, signature) == validator.validate(
        base + path, form(params), signature
    )


@given(path=PATHS, params=FORMS, signature=st.text(max_size=40))
def test_no_made_up_signature_is_believed(path: str, params: dict[str, list[str]], signature: str) -> None:
    assert not Gate("https://a.example", [TOKEN]).is_genuine(path, params, signature)


@given(path=PATHS, params=FORMS, value=TEXT)
def test_a_value_more_breaks_the_signature(path: str, params: dict[str, list[str]], value: str) -> None:
    signature = signature_of(TOKEN.encode(), "https://a.example" + path, params)

    assert not Gate("https://a.example", [TOKEN]).is_genuine(path, {**params, "Zz": [f"z{value}"]}, signature)


def test_both_tokens_are_believed_while_they_are_exchanged_and_the_old_one_no_longer_after() -> None:
    new, old = "n" * 32, "o" * 32
    signed_old = signature_of(old.encode(), "https://a.example/voice/incoming", {})

    assert Gate("https://a.example", [new, old]).is_genuine("/voice/incoming", {}, signed_old)
    assert not Gate("https://a.example", [new]).is_genuine("/voice/incoming", {}, signed_old)


@pytest.mark.parametrize("tokens", [[], [""], ["good", ""]])
def test_there_is_no_gate_without_a_token(tokens: list[str]) -> None:
    with pytest.raises(ValueError, match="auth token"):
        Gate("https://a.example", tokens)
