"""Other parameters with the same signature: the signed text has no boundaries between names and values."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from app.telephony.twilio.shape import FREE_TEXT, READ
from tests.telephony.genuine import Pairs, grouped


def signed_text(pairs: Pairs) -> str:
    """What the signature is made of, the URL apart."""
    names = sorted({name for name, _ in pairs})
    return "".join(name + value for name in names for value in sorted({v for n, v in pairs if n == name}))


def resplits(pairs: Pairs) -> Iterator[Pairs]:
    """Every set that one or two moved boundaries make of `pairs`, with the same signed text."""
    ordered = sorted(pairs)
    text = signed_text(pairs)
    for changed in (*_merged(ordered), *_moved_inside(ordered), *_moved_between(ordered), *_cut(ordered)):
        if signed_text(changed) == text and sorted(changed) != ordered:
            yield changed


def is_fooled(genuine: Pairs, forged: Pairs) -> bool:
    """Whether something that we read became something else; free text may become shorter."""
    told, was = grouped(forged), grouped(genuine)
    free = "".join(value for name, value in genuine if name in FREE_TEXT)
    changed = {name for name in READ if told.get(name) != was.get(name)}
    shortened = {name for name in changed & FREE_TEXT if was.get(name, [""])[0].startswith(told.get(name, ["-"])[0])}
    made_of_words = {name for name in changed if name not in was and name in free}
    return bool(changed - shortened - made_of_words)


def _merged(pairs: Pairs) -> Iterator[Pairs]:
    """Parameters swallowed by the value, or by the name, before them."""
    for first in range(len(pairs)):
        for last in range(first + 1, min(len(pairs), first + 4)):
            name, value = pairs[first]
            swallowed = "".join(n + v for n, v in pairs[first + 1 : last + 1])
            yield [*pairs[:first], (name, value + swallowed), *pairs[last + 1 :]]
            yield [*pairs[:first], (name + value + swallowed, ""), *pairs[last + 1 :]]
            for cut in range(1, len(swallowed)):
                yield [*pairs[:first], (name + value + swallowed[:cut], swallowed[cut:]), *pairs[last + 1 :]]


def _moved_inside(pairs: Pairs) -> Iterator[Pairs]:
    """The boundary between a name and its value moved."""
    for place, (name, value) in enumerate(pairs):
        both = name + value
        for cut in range(1, len(both) + 1):
            yield [*pairs[:place], (both[:cut], both[cut:]), *pairs[place + 1 :]]


def _moved_between(pairs: Pairs) -> Iterator[Pairs]:
    """The boundary between a value and the next name moved, and within what is left again."""
    for place, ((name, value), (after, beyond)) in enumerate(pairwise(pairs)):
        text = value + after + beyond
        for end in range(len(text)):
            for cut in range(end + 1, min(len(text), end + 24) + 1):
                yield [*pairs[:place], (name, text[:end]), (text[end:cut], text[cut:]), *pairs[place + 2 :]]


def _cut(pairs: Pairs) -> Iterator[Pairs]:
    """A new parameter made of the end of a value."""
    for place, (name, value) in enumerate(pairs):
        for begin in range(len(value)):
            for cut in range(begin + 1, len(value) + 1):
                yield [*pairs[:place], (name, value[:begin]), (value[begin:cut], value[cut:]), *pairs[place + 1 :]]
