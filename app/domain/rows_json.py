"""JSON lines and JSON lists, one object at a time."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

from app.domain.rows import LONGEST_ROW, BadRow, Row, unfit

_BETWEEN: Final = re.compile(r"[\s,]*")
_NEXT_OBJECT: Final = re.compile(r"\n\s*\{")


class _Refused(ValueError):
    """JSON that Python would accept and change without a word."""


def _no_double_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Refused(f"the name {next(name for name in names if names.count(name) > 1)!r} comes twice")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Refused(f"{text} is no JSON number that can be kept")
    return number


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_no_double_names, parse_float=_finite, parse_constant=_finite)


def read_json_lines(lines: Iterator[tuple[int, str]]) -> Iterator[Row | BadRow]:
    """A row for each line that holds an object; blank lines are passed over."""
    for number, line in lines:
        text = line.strip()
        if text:
            value, end = _decode(text)
            if end is not None and end < len(text):
                value = _Refused(f"no JSON: more follows in column {end + 1}")
            yield _judge(number, value)


def read_json_list(lines: Iterator[tuple[int, str]]) -> Iterator[Row | BadRow]:
    """A row for each object of one JSON list, on a line each or spread over many.

    After an object that cannot be read, reading goes on at the next line that begins with a brace.
    """
    line, text = next(lines)
    at = counted = text.index("[") + 1
    while True:
        at = _skip(text, at)
        line, counted = line + text.count("\n", counted, at), at
        if at >= len(text):
            text, at, counted = _more(lines), 0, 0
            if not text:
                yield BadRow(line, "the list is never closed: the file was cut off")
                return
            continue
        if text[at] == "]":
            return
        value, at_end = _decode(text, at)
        if at_end is None and len(text) - at < LONGEST_ROW and (more := _more(lines)):
            text, at, counted = text[at:] + more, 0, 0
            continue
        yield _judge(line, value)
        if at_end is None:
            following = _NEXT_OBJECT.search(text, at)
            if following is None:
                return
            at_end = following.end() - 1
        at = at_end


def _skip(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _more(lines: Iterator[tuple[int, str]]) -> str:
    """Some more lines; "" at the end of the file."""
    wanted, parts = 65_536, []
    for _, line in lines:
        parts.append(line)
        wanted -= len(line)
        if wanted <= 0:
            break
    return "".join(parts)


def _decode(text: str, at: int = 0) -> tuple[object, int | None]:
    """The value that begins at a place and the place after it, or what is wrong and None."""
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        return _Refused(f"no JSON: {error.msg} in column {error.colno}"), None
    except RecursionError:
        return _Refused("nested too deeply"), None
    except _Refused as refusal:
        return refusal, None
    except ValueError:  # Python reads no number of more than some thousand digits
        return _Refused("no JSON number that can be kept"), None


def _judge(line: int, value: object) -> Row | BadRow:
    if isinstance(value, _Refused):
        return BadRow(line, str(value))
    if not isinstance(value, dict):
        return BadRow(line, f"expected an object, found {type(value).__name__}")
    for name, cell in value.items():
        problem = next((problem for text in _texts_of({name: cell}) if (problem := unfit(text))), None)
        if problem:
            return BadRow(line, f"{name[:40].encode('ascii', 'backslashreplace').decode()}: {problem}")
    return Row(line, value)


def _texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_of(inner)
