"""The resource `Queues` and its `Members`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.simulator.leg import Goto
from app.simulator.queues import CallQueue, Member
from app.simulator.rest.asked import Asked, Given, page
from app.simulator.rest.problem import Problem, not_found

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier


def create(carrier: Carrier, asked: Asked) -> Given:
    """A new queue."""
    name = asked.one("FriendlyName")
    if not 1 <= len(name) <= 64:
        raise Problem(22002, "FriendlyName has 1 to 64 characters")
    if carrier.queues.find(name) is not None:
        raise Problem(22003, f"a queue {name!r} exists")
    return Given(201, shown(carrier, carrier.queues.named(name, asked.number("MaxSize", 1000, 5000))))


def listing(carrier: Carrier, asked: Asked) -> Given:
    """All queues."""
    return page(asked, "queues", [shown(carrier, queue) for queue in carrier.queues.all])


def fetch(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """One queue."""
    return Given(200, shown(carrier, _queue(carrier, asked, sid)))


def update(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """Rename or resize a queue."""
    queue = _queue(carrier, asked, sid)
    queue.name = asked.one("FriendlyName", queue.name)
    queue.most = asked.number("MaxSize", queue.most, 5000)
    return Given(200, shown(carrier, queue))


def delete(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """Delete an empty queue."""
    queue = _queue(carrier, asked, sid)
    if queue.members:
        raise Problem(22001, "the queue is not empty")
    carrier.queues.all.remove(queue)
    return Given(204)


def members(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """Who waits, first come first."""
    queue = _queue(carrier, asked, sid)
    return page(asked, "queue_members", [_shown_member(carrier, queue, one) for one in queue.members])


def member(carrier: Carrier, asked: Asked, sid: str, call: str) -> Given:
    """One who waits; `Front` is the first."""
    queue = _queue(carrier, asked, sid)
    return Given(200, _shown_member(carrier, queue, _member(queue, asked, call)))


def dequeue(carrier: Carrier, asked: Asked, sid: str, call: str) -> Given:
    """Send one who waits to another document."""
    queue = _queue(carrier, asked, sid)
    one = _member(queue, asked, call)
    url = asked.url("Url")
    if not url:
        raise Problem(21205, "Url parameter is required.")
    shows = _shown_member(carrier, queue, one)
    queue.send(one, Goto(url, asked.method_of("Method")))
    return Given(200, shows)


def _queue(carrier: Carrier, asked: Asked, sid: str) -> CallQueue:
    queue = carrier.queues.find(sid)
    if queue is None:
        raise not_found(asked.path)
    return queue


def _member(queue: CallQueue, asked: Asked, call: str) -> Member:
    waiting = [one for one in queue.members if one.taken_by is None and call in ("Front", one.leg.sid)]
    if not waiting:
        raise not_found(asked.path)
    return waiting[0]


def shown(carrier: Carrier, queue: CallQueue) -> dict[str, Any]:
    """A queue as JSON values."""
    path = f"/2010-04-01/Accounts/{carrier.account_sid}/Queues/{queue.sid}"
    return {
        "sid": queue.sid,
        "account_sid": carrier.account_sid,
        "friendly_name": queue.name,
        "current_size": len(queue.members),
        "max_size": queue.most,
        "average_wait_time": queue.average_wait,
        "date_created": carrier.rfc2822(queue.created_at),
        "date_updated": carrier.rfc2822(queue.created_at),
        "uri": path + ".json",
        "subresource_uris": {"members": path + "/Members.json"},
    }


def _shown_member(carrier: Carrier, queue: CallQueue, one: Member) -> dict[str, Any]:
    path = f"/2010-04-01/Accounts/{carrier.account_sid}/Queues/{queue.sid}/Members/{one.leg.sid}.json"
    return {
        "call_sid": one.leg.sid,
        "queue_sid": queue.sid,
        "date_enqueued": carrier.rfc2822(one.since),
        "position": queue.members.index(one) + 1,
        "wait_time": int((carrier.now() - one.since).total_seconds()),
        "uri": path,
    }
