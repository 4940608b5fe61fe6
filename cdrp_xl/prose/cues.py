"""What the words around a number say about it: if it is a count, a change, an earlier count, a share or a place."""

from __future__ import annotations

import re

OFFENCES = (
    r"(?:offences?|crimes?|burglar(?:y|ies)|thefts?|robber(?:y|ies)|homicides?|assaults?|"
    r"victims?|incidents?|repeats?|repeat (?:victims|offences)|emerging issues?|issues)"
)
PASSED = (
    r"(?:(?:of|in|the|these|those|all|a|an|recorded|reported|police|more|fewer|less|such|farm|"
    r"new|extra|further|last) )*"
)

OFFENCE_NEXT = re.compile(
    rf"^[\s-]+{PASSED}{OFFENCES}\b",
    re.IGNORECASE,
)
PERIOD_NEXT = re.compile(
    r"^[\s-]+(?:of the )?"
    r"(?:(?!(?:in|at|for|during|over|from|to|by|than|and|on)\b)\w+ ){0,2}(?:months?|years?|quarters?|"
    r"weeks?|days?|nights?|hours?|minutes?|areas?|districts?|"
    r"priorit(?:y|ies)|rows?|points?|members?|groups?|categor(?:y|ies)|types?|kinds?|measures?|indicators?)\b",
    re.IGNORECASE,
)
FUNCTION = frozenset({
    "rather", "instead", "following", "despite", "because", "due", "thanks", "although", "though", "whereas",
    "including", "having", "being", "v", "vs", "versus", "seen", "noted", "logged", "counted", "previous",
    "of", "in", "to", "from", "by", "for", "on", "at", "and", "or", "but", "compared", "against", "than", "with",
    "a", "an", "the", "this", "that", "was", "were", "is", "are", "had", "has", "have", "during", "between",
    "which", "as", "while", "when", "more", "fewer", "less", "higher", "lower", "up", "down", "out", "per",
    "last", "recorded", "reported", "so", "since", "after", "before", "over", "under", "across", "within", "it",
    "they", "there", "both", "respectively", "not", "year", "committed", "taking", "fell", "rose", "increased",
    "decreased",
})  # fmt: skip
PEOPLE = re.compile(
    r"^\W+(?:\w+\W+){0,3}?(?:residents?|clients?|people|adults?|young|service|persons?|engagements?|"
    r"removals?)\b",
    re.IGNORECASE,
)
_HEDGED = (
    r"(?:(?:the|an?|its|another|total of|only|just|about|around|roughly|approximately|some|nearly|almost|over|"
    r"under|well|exactly|(?:more|less|fewer) than|at least|close to|slightly|a little) )*$"
)
"""What may be between a word and the number that it is said of."""
EARLIER = re.compile(
    r"\b(?:from|compared (?:with|to)|against|(?<=\()was|previously|formerly|versus|vs?\.?|on|base of|"
    r"(?<!more )(?<!less )than|"
    rf"(?<=\d more )than|(?<=\d less )than)\s+{_HEDGED}",
    re.IGNORECASE,
)
LATER = re.compile(rf"\b(?:to|at)\s+{_HEDGED}", re.IGNORECASE)
CHANGE = re.compile(
    rf"\b(?:by|added)\s+{_HEDGED}|\b(?:additional|extra)\s+$|\bby (?:[\w,]+ in _+(?:,| and|, and) )+$", re.IGNORECASE
)
_CHANGES = r"(?:rise|increase|fall|drop|reduction|decrease|decline|growth|change|difference)"
OF_CHANGE = re.compile(rf"\b{_CHANGES}s?\b|\b(?:under|over|beyond)\b", re.IGNORECASE)
NOUN_OF = re.compile(rf"\b{_CHANGES} (?:of|was) {_HEDGED}", re.IGNORECASE)
MORE = re.compile(
    r"^[\s-]+(?:\([^)]*\) )?(?:(?:dwelling|recorded|farm) )*(?:\w+ ){0,1}?(?P<way>more|fewer|less|extra|"
    r"additional|lower|higher|above|below|ahead|behind|short)\b",
    re.IGNORECASE,
)
RISE_NEXT = re.compile(
    r"^\s+(?:rise|increase|fall|drop|reduction|decrease|decline|more|fewer|less|higher|lower|"
    r"growth|up\b|down\b)",
    re.IGNORECASE,
)
SHARE = re.compile(
    r"\b(?:accounted|accounts|made up|makes? up|represent(?:ed|s|ing)?|share|proportion|compris\w+)\b",
    re.IGNORECASE,
)
POSITION = re.compile(
    r"\b(?:position|place[ds]?|rank(?:ed|s)?|group|most similar|stood|came|lowest|highest)\b",
    re.IGNORECASE,
)
PROJECTED = re.compile(
    r"\b(?:project\w*|forecast\w*|expected|interval|limits?|mean|will|would|trends?|year[- ]end|likely|"
    r"per 1|rate|control|usual|range)\b",
    re.IGNORECASE,
)
IN = re.compile(r"\s?(?:(?!and |but |while )[^\W\d]+[\s-]){0,4}?(?:in|during|for|over|of) (?:the )?(?:whole of )?\(?")
LEADING = re.compile(
    r"\W*(?:(?:in|during|for|at|over|as at|as of)\b)?\W*(?:the\b)?\W*(?:end of\b)?\W*",
    re.IGNORECASE,
)
BREAK = re.compile(
    r";|, (?:and|but|while|whereas|although|which|who|where|with) |\bwhile\b|\bwhereas\b|\bbut\b|\balthough\b"
)
ASIDE = re.compile(r", (?:which|who|where) [^,;]*(?:,\d[^,;]*)*(?=, )")
TOGETHER = re.compile(r"\b(?:together|combined|in total|between them|added)\b", re.IGNORECASE)
IN_TOTAL = re.compile(r"(?:\s+[\w-]+){0,2}?,? (?:together|combined|in total|between them)\b", re.IGNORECASE)
RATE = re.compile(r"\bper (?:1,000|1000|thousand)\b|\brates?\b|\bgroup\b|\baverage\b", re.IGNORECASE)
EARLIER_TIME = re.compile(
    r"\b(?:than|compared (?:with|to)|against|versus|from|since(?: (?:\w+ ){0,5}?in)?|on(?! farms)|above|"
    r"below)\s+(?:the )?"
    r"(?:\d[\d,]* |[a-z]+ )?(?:offences? |crimes? )?"
    r"(?:recorded )?(?:in |for |during |of )?(?:the )?$",
    re.IGNORECASE,
)
NONE_OF_THEM = re.compile(
    r"\s*(?:$|[.,;)]|in\b|during"
    r"\b|recorded\b|last\b|was\b|were\b|the year\b|a year\b|_)",
    re.IGNORECASE,
)
OR_FEWER = re.compile(r"\s+(?:\w+ )?or (?:more|fewer|less)\b", re.IGNORECASE)
FROM_TO = re.compile(
    rf"\b(?:from|(?<!up )(?<!equivalent )(?<!equal )(?<!equates )(?<!amounts )to|at)\s+{_HEDGED}", re.IGNORECASE
)
ADVERB = re.compile(r"\s+\w+ly\b", re.IGNORECASE)
IN_A_PLACE = re.compile(r" (?:[a-z-]+ ){1,4}(?:in|at|near|around) (?P<place>[A-Z][a-z]+)(?!\w)")
IN_ALL = re.compile(
    r"\b(?:recorded|total of|saw) \d[\d,]* (?:offences|crimes)\b(?! of\b)|\b(?:offences|crimes) in total\b",
    re.IGNORECASE,
)
TESTED = re.compile(r"\s+(?:offence |of the )?rows\b")
AVERAGE = re.compile(
    r"\b(?:average|mean|usual(?:ly)?|typical(?:ly)?)\b|\b(?:a|per|each|every) (?:month|quarter)\b", re.IGNORECASE
)
USUAL = re.compile(r"\busual(?:ly)?\b", re.IGNORECASE)
A_QUARTER = re.compile(r"\b(?:a|per|each|every) quarter\b|\bquarterly\b", re.IGNORECASE)
MONTHLY = re.compile(r"\bmonth(?:s|ly)?\b|\brespectively\b", re.IGNORECASE)
LIKELY = re.compile(r"\b(?:chance|(?:un)?likel\w+|certain|probab\w+|odds|confiden\w+)\b", re.IGNORECASE)
UP_TO = re.compile(r"\b(?:to|until|ending|ended)(?: the end of)? $", re.IGNORECASE)
OF_THEM = re.compile(r"\s+of (?:them|these|those|which|whom)\b", re.IGNORECASE)
FOR_EVERY = re.compile(r"\bfor (?:every|each)\b", re.IGNORECASE)
IN_GENERAL = re.compile(r"\s+(?:recorded )?(?:offences?|crimes?)\b(?! of\b| on\b| at\b)", re.IGNORECASE)
OF_GROUP = re.compile(r"\b(?:position|place[ds]?|rank\w*|group|most similar|iQuanta)\b", re.IGNORECASE)
ENDS_IN_OFFENCES = re.compile(rf"\b{OFFENCES}$", re.IGNORECASE)
BEFORE_ONE = re.compile(r"\b(?:from|to|by|against|with|at|than|only|just|down|up|fell|rose)\s+$", re.IGNORECASE)
OF_OTHERS = re.compile(
    r"\s+(?:residents?|people|adults?|households?|homes|men|women|schools?|respondents?|officers?|visits?)\b",
    re.IGNORECASE,
)
BEYOND_NEXT = re.compile(r"\s+(?:above|below|higher|lower|up|down|more|fewer|less)\b(?! \w+ly\b)", re.IGNORECASE)
A_DAY = re.compile(
    r"(?: (?:and|to|or) [\w.,]+)?[^.,;]{0,20}? (?:a|per|each|every) (?:day|week|night|weekend)\b", re.IGNORECASE
)
RANKED = re.compile(
    r"[\w-]+[ -](?:lowest|highest|largest|smallest|biggest|greatest|worst|busiest|quietest|most|fewest)\b"
)
JOINED = re.compile(r"\s*,?\s*(?:and|or|&)\s*|\s*,\s*")
FROM_NEXT = re.compile(rf" from {_HEDGED}", re.IGNORECASE)
FROM = re.compile(rf"\bfrom {_HEDGED}", re.IGNORECASE)
TO_AFTER = re.compile(rf"\bto {_HEDGED}", re.IGNORECASE)
WERE = re.compile(
    r"\s+(?:of )?(?:all |the )*(?:\w+ ){0,2}?(?:offences|crimes?) (?:was|were|is|are|involved) (?:\w+ )??"
)
OF_THE_COUNTY = re.compile(r"\bcounty(?:'s|\u2019s|wide)?\b|\bin (?:all|total)\b", re.IGNORECASE)
OF_OFFENCES = re.compile(rf"\s+of (?:the|these|those|our) (?:[a-z]+ )?{OFFENCES}\b(?! in\b| was| were)", re.IGNORECASE)
OF_THE_LESS = re.compile(r"\s+of the [\w,]+ (?:fewer|more|additional|extra)\b", re.IGNORECASE)
TO = re.compile(rf",? to {_HEDGED}")
LISTED = re.compile(r"(?:,|,? and|,? then)(?: (?:now|then|finally))? ")
RATHER_THAN = re.compile(rf"\b(?:rather than|instead of) (?:by )?{_HEDGED}", re.IGNORECASE)
OF_AN_INSTANCE = re.compile(
    r" (?:[\w-]+ ){1,3}?(?:was|had|involved|took|occurred|happened|led|resulted)\b(?! recorded| reported)",
    re.IGNORECASE,
)
OF_THE_MORE = re.compile(r"\bof the [\w,]+ (?:additional|extra|more|fewer)\b[^,;]*, (?:[\w-]+ )?$", re.IGNORECASE)
OF_THE_OTHERS = re.compile(
    r"\s+(?:in|of|for|under) (?:the |any )?['\u2018\u201c\"]?(?:others?|remaining)\b", re.IGNORECASE
)
ONE_A_MONTH = re.compile(r"\s+(?:a|per|each|every) (?:month|quarter)\b", re.IGNORECASE)
A_MONTH = re.compile(r"(?:\s+[\w-]+){0,2}?\s+(?:a|per|each|every) (?:month|quarter)\b", re.IGNORECASE)
MEAN_OF = re.compile(
    r"\b(?:(?:average|mean)(?: \w+)? (?:of|was|is)|(?:average|mean) (?:for|over|in|across) (?:the )?_+ (?:was|is)|"
    rf"averag(?:ed|es|ing)) {_HEDGED}",
    re.IGNORECASE,
)
HIGHEST_NEXT = re.compile(r"\s+(?:highest|worst|largest)\b", re.IGNORECASE)
OF_THE_CHANGE = re.compile(
    r"\s+of (?:the|this|that) (?:\w+ )?(?:rise|increase|fall|drop|reduction|decrease|decline)\b", re.IGNORECASE
)
OF_THE = re.compile(r"\s+of (?:the |all (?:the )?|these )?$", re.IGNORECASE)
BESIDE = re.compile(r" \(|['\u2019]s? |(?: (?:figure|total|level|count))? of ")
BRACKETED_PAIR = re.compile(r"[^()]*\b(?:compared|against|from|more|fewer|less|up|down|and)\b[^()]*\)", re.IGNORECASE)
OF_ALL = re.compile(r"\s+of all (?:recorded )?(?:offences?|crimes?)\b", re.IGNORECASE)
QUARTER = re.compile(r"\bquarter\b|\bQ[1-4]\b", re.IGNORECASE)
THAN = re.compile(r"^[^.;]{0,30}\bthan\b", re.IGNORECASE)
SUPPOSED = re.compile(r"\bif\b[^.]*\bwould\b|\bwere to\b|\bat (?:this|that|the current) rate\b", re.IGNORECASE)
"""Where figures are worked out from a supposition, which no figure bears out."""
OF_AREAS = re.compile(r"\b(?:areas?|districts?|members?)\b", re.IGNORECASE)
OF_MANY = re.compile(
    r"\b(?:only|most|several|categories|groups|types|measures)\b[^.]*\b(?:more|fewer|less) than $", re.IGNORECASE
)
"""Before a limit that is said about rows without their names: "the only one to have risen by more than five"."""
