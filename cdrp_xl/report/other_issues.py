"""The answers to local questions that partners are given, in sentences made of what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdrp_xl.report.wording import in_brackets, in_offences, say
from cdrp_xl.terms import NOT_APPLICABLE

if TYPE_CHECKING:
    from cdrp_xl.report.local import Answer


def said(answer: Answer) -> str:
    """Return an answer in sentences; a count that is hidden or not known is said to be so, and nothing is worked out.

    Parameters
    ----------
    answer
        As it is published. Units: offences, and fractions.
    """
    words = {"row": answer.offences_of, "area": answer.area, "words": answer.period.words}
    if not isinstance(answer.offences, int):
        sentences = [say("other_issues", "no_count", **words, symbol=answer.offences)]
    elif not isinstance(answer.earlier, int):
        before = {"earlier_words": answer.earlier_period.words, "symbol": answer.earlier}
        sentences = [say("other_issues", "no_count_before", later=in_offences(answer.offences), **words, **before)]
    else:
        sentences = [_compared(answer.offences, answer.earlier, words | {"earlier_words": answer.earlier_period.words})]
    remark = "" if answer.remark == NOT_APPLICABLE else answer.remark
    return " ".join(filter(None, (*sentences, _of_flag(answer), remark)))


def _compared(later: int, earlier: int, words: dict[str, str]) -> str:
    if later == earlier:
        return say("other_issues", "same", later=in_offences(later), **words)
    more = say("headlines", "more" if later > earlier else "fewer", count=f"{abs(later - earlier):,}")
    return say(
        "other_issues",
        "compared",
        later=in_offences(later),
        difference=more,
        printed=in_brackets(earlier, later),
        **words,
    )


def _of_flag(answer: Answer) -> str:
    """Return how many have the flag, where one is asked for; of no offences nothing is said."""
    if answer.flag == NOT_APPLICABLE or answer.offences == 0:
        return ""
    if not isinstance(answer.flagged, int):
        return say("other_issues", "no_flag_count", flag=answer.flag, symbol=answer.flagged)
    share = f" ({answer.share:.1%})" if isinstance(answer.share, float) else ""
    return say("other_issues", "flagged", flag=answer.flag, flagged=f"{answer.flagged:,}", share=share)
