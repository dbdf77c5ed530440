"""Signatures that any library for Standard Webhooks checks."""

from __future__ import annotations

from app.outgoing.signature import new_secret, signed_headers


def test_a_signature_is_that_of_the_published_example() -> None:
    """The example that the reference libraries of Standard Webhooks are tested with."""
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_secret_is_exchanged_both_sign() -> None:
    old, new = new_secret(), new_secret()
    both = signed_headers("msg_1", 1, b"{}", [new, old])["webhook-signature"].split()

    assert both == [signed_headers("msg_1", 1, b"{}", [each])["webhook-signature"] for each in (new, old)]
    assert old != new
