"""No prompt takes longer than twenty seconds to say."""

from __future__ import annotations

from app.proving.heard import prompts_heard, way_to_hear
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted


def prove(subject: Subject) -> Verdict:
    """Estimate every prompt by the rate of speech of its language, with likely values in its slots."""
    most, words = subject.profile.prompt_seconds, subject.words
    times = [
        (words.seconds(language, prompt), prompt, language)
        for language in subject.graph.hotline.languages
        for prompt in prompts_heard(subject)
        if words.has(language, prompt)
    ]
    seconds, prompt, language = max(times, default=(0.0, "", ""))
    if seconds > most:
        problem = f"{prompt} in {language} takes about {seconds:.0f} seconds, at most {most} are allowed"
        return refuted(problem, way_to_hear(subject, prompt))
    return proved(f"the longest, {prompt} in {language}, takes about {seconds:.0f} seconds")


RULE = Rule("prompts-short", "No prompt is longer than twenty seconds.", (house("IVR design"),), prove)
