"""The Chinese for every sentence, by its English."""

from __future__ import annotations

from studyapp.language.chinese import card_page, expressions, verdicts

SENTENCES: dict[str, str] = {
    **verdicts.FORMS,
    **verdicts.HEADLINES,
    **verdicts.UNREADABLE,
    **verdicts.NUMBERS,
    **verdicts.MISTAKES,
    **verdicts.FORMULAS,
    **verdicts.CHOICES_STEPS_AND_GAPS,
    **verdicts.CODE,
    **verdicts.SOLUTIONS,
    **expressions.SIGNS,
    **expressions.ORDER,
    **expressions.NAMES,
    **expressions.VALUES,
    **card_page.RATINGS,
    **card_page.LABELS,
    **card_page.ANSWERING,
    **card_page.POINTS,
    **card_page.REVIEW,
    **card_page.PRACTICE_AND_INTERVIEW,
    **card_page.PLOTS,
    **card_page.PLAIN_LINES,
}
