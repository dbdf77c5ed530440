"""What a key is for is said before the key."""

from __future__ import annotations

from app.proving.heard import prompts_heard, way_to_hear
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted


def prove(subject: Subject) -> Verdict:
    """Look at every prompt that callers hear, in every language of the hotline."""
    heard = prompts_heard(subject)
    for language in subject.graph.hotline.languages:
        for prompt in heard:
            if subject.words.has(language, prompt) and subject.words.names_key_first(language, prompt):
                problem = f"{prompt} in {language} names the key before what it is for"
                return refuted(problem, way_to_hear(subject, prompt))
    return proved(f"none of {len(heard)} prompts names a key before its purpose")


RULE = Rule("purpose-first", "The purpose is said before the key.", (house("IVR design"),), prove)
