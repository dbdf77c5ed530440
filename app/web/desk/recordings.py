"""Recordings, played through us: the network's own address is never given out."""

from __future__ import annotations

import io

from flask import Blueprint, Response, request, send_file

from app.domain.role import Permission
from app.services.read_recording import note_listening
from app.web.access import needs
from app.web.auth import staff
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the addresses of a recording's sound."""
    bp.add_url_rule("/cases/<protocol>/recordings/<network_id>.wav", view_func=recording)
    bp.add_url_rule("/cases/<protocol>/recordings/<network_id>/file", view_func=recording_file)


@needs(Permission.LISTEN)
def recording(protocol: str, network_id: str) -> Response:
    return _sound(protocol, network_id, takes_along=False)


@needs(Permission.DOWNLOAD)
def recording_file(protocol: str, network_id: str) -> Response:
    answer = _sound(protocol, network_id, takes_along=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="{protocol}.wav"'
    return answer


def _sound(protocol: str, network_id: str, *, takes_along: bool) -> Response:
    rt = runtime()
    is_first_part = request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    with rt.database.sessions.begin() as session:
        found = note_listening(
            session,
            rt.vault,
            protocol,
            network_id.replace("\x00", ""),
            staff(),
            now=rt.clock.now(),
            is_beginning=is_first_part,
            takes_along=takes_along,
        )
        network_id, started_at = found.network_id, found.started_at
    sound = rt.phone().recording(network_id)
    answer = send_file(io.BytesIO(sound), mimetype="audio/wav", conditional=True, last_modified=started_at, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
