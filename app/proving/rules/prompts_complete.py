"""Every prompt is there in every language of the hotline."""

from __future__ import annotations

from app.proving.heard import prompts_used, way_to_hear
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted


def prove(subject: Subject) -> Verdict:
    """Look for every prompt that callers may hear or be sent."""
    used, languages = prompts_used(subject), subject.graph.hotline.languages
    for language in languages:
        for prompt in used:
            if not subject.words.has(language, prompt):
                return refuted(f"prompt {prompt!r} is missing in {language}", way_to_hear(subject, prompt))
    return proved(f"{len(used)} prompts in {', '.join(languages)}")


RULE = Rule("prompts-complete", "Every prompt is there in every language.", (house("S5, S8"),), prove)
