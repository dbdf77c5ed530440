"""Recall notices have their heading and the sentence to stop, and no word that lessens the risk."""

from __future__ import annotations

from app.compliance.recall_notice import NoticeFault, lint_notice
from app.proving.heard import way_to_hear
from app.proving.rule import Rule, Subject, Verdict, house, law, proved, refuted


def prove(subject: Subject) -> Verdict:
    """Read every notice in every language of the hotline and in every style, by the law of its jurisdiction.

    What fills its slots is judged when it is spoken (`app.compliance.recall_text`).
    """
    words, hotline = subject.words, subject.graph.hotline
    read = 0
    for prompt in sorted(subject.classes.recall_notice):
        for language in hotline.languages:
            for text in words.wordings(language, prompt):
                read += 1
                faults = [each for each in lint_notice(text, language, hotline.jurisdiction) if each.is_spoken]
                if faults:
                    problem = f"{prompt} in {language} {_told(faults[0])}"
                    return refuted(problem, way_to_hear(subject, prompt))
    return proved(f"{read} texts of {len(subject.classes.recall_notice)} notices say what they must, and nothing less")


def _told(fault: NoticeFault) -> str:
    if fault.rule == "softening":
        return f"lessens the risk: {fault.found!r}"
    return (
        f"lacks its heading, {fault.found!r}" if fault.rule == "heading" else "does not say to stop using the product"
    )


RULE = Rule(
    "recall-notice",
    "Every recall notice has its heading and the sentence to stop using it, and no word that lessens the risk.",
    (
        law(
            "Regulation (EU) 2023/988, art. 36 (2)",
            "https://eur-lex.europa.eu/eli/reg/2023/988/oj",
            "de",
            "eu",
            confirmed=True,
        ),
        house("P9, in every jurisdiction"),
    ),
    prove,
)
