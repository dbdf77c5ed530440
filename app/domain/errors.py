"""Every "no" that a caller of our functions must react to, in one tree.

The HTTP status beside each class is decided once, in `app.web.errors`, by the nearest ancestor:

    RueckrufError               500
    ├── NotFound                404
    ├── NotAllowed              403
    ├── Conflict                409
    │   ├── Busy                409
    │   └── WrongState          409
    ├── Invalid                 422
    ├── NetworkFailure          502
    │   ├── NetworkRefused      502
    │   └── NetworkUnknown      502
    ├── LawUnknown              500
    └── BadFile                 500

Messages are lower case and hold no name and no whole phone number.
"""

from __future__ import annotations

from collections.abc import Sequence


class RueckrufError(Exception):
    """Anything of ours that went wrong in a way somebody can react to."""


class NotFound(RueckrufError):
    """The thing asked for does not exist, or not for who asks.

    Args:
        thing: what was looked for, "case".
    """

    def __init__(self, thing: str) -> None:
        super().__init__(f"no such {thing}")
        self.thing = thing


class NotAllowed(RueckrufError):
    """Who asks may not do this.

    Args:
        doing: what was tried, "close a case".
    """

    def __init__(self, doing: str) -> None:
        super().__init__(f"not allowed to {doing}")
        self.doing = doing


class Conflict(RueckrufError):
    """Somebody else was faster, or the thing exists already."""


class Busy(Conflict):
    """Too many want the same at this moment; nothing was changed, and soon it can be done."""


class WrongState(Conflict):
    """The thing stands where this cannot be done to it.

    Args:
        thing: "promise".
        status: where it stands.
        wanted: where it would have to stand, in words.
    """

    def __init__(self, thing: str, status: str, wanted: str) -> None:
        super().__init__(f"{thing} is {status}, expected {wanted}")
        self.thing = thing
        self.status = status
        self.wanted = wanted


class Invalid(RueckrufError):
    """What was entered cannot be used.

    Args:
        field: which entry, by its name in the record.
        problem: what is wrong with it and what was expected.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class NetworkFailure(RueckrufError):
    """The phone network did not do what it was asked."""


class NetworkRefused(NetworkFailure):
    """The phone network said no: nothing was dialled, nothing was sent.

    Args:
        problem: the network's reason.
        permanent: whether the same request can never succeed.
        code: the network's own number for the reason; None if it gave none.
    """

    def __init__(self, problem: str, *, permanent: bool, code: int | None = None) -> None:
        super().__init__(problem)
        self.permanent = permanent
        self.code = code


class NetworkUnknown(NetworkFailure):
    """No answer came: it may or may not have been dialled, so ask the network before trying again."""


class LawUnknown(RueckrufError):
    """No rule is in force for this jurisdiction and day: whoever asks must not go ahead.

    Args:
        jurisdiction: whose law was asked for, "br-sac".
        rule: which rule, "calling_hours".
    """

    def __init__(self, jurisdiction: str, rule: str) -> None:
        super().__init__(f"no rule for {rule} in force in {jurisdiction!r}")
        self.jurisdiction = jurisdiction
        self.rule = rule


class BadFile(RueckrufError):
    """A file that we were told to read is faulty; the message lists every fault, a line each.

    Args:
        faults: each is printed as ``file:line:column: what is wrong``.
    """

    def __init__(self, faults: Sequence[object]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)
