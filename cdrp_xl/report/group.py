"""A priority in the most similar group: position by quarter and for the year, the group's average, and its limits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdrp_xl.errors import CannotBeComputedError, CdrpError, ValueFoundError, name_some, quoted
from cdrp_xl.measures import group as measure
from cdrp_xl.measures.group import Member
from cdrp_xl.periods import Month, Period, financial_year_of, quarter_of, quarters_of, runs_in_words
from cdrp_xl.report.wording import in_offences, say
from cdrp_xl.terms import NOT_AVAILABLE, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cdrp_xl.measures.group import GroupComparison
    from cdrp_xl.settings import Group
    from cdrp_xl.settings.priorities import Priority
    from cdrp_xl.tables import Cell, Counts

QUARTERS_SHOWN = 4
QUARTERS_BACK = 8
"""How far back the group's last figures may lie."""

LEAST_MEMBERS = 2
"""Members with complete figures, of which one can be compared with another."""

_DECIMALS, _MOST_DECIMALS = 2, 9
_TEENS = range(11, 14)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupData:
    """What the group's positions are worked out from.

    Attributes
    ----------
    counts
        The members' offences.
    residents
        People or households by member and by which of the two they are. Unit: people or households.
    positions, positions_source
        Positions as imported, and from where.
    unjoined
        Areas of the counts for which there are neither people nor households.
    """

    counts: Counts
    residents: Mapping[tuple[str, str], int]
    positions: Mapping[Cell, int]
    positions_source: str
    unjoined: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPeriod:
    """The partnership in its group in one period. Units: offences per 1,000; positions in words.

    Without complete figures of its own a rate is None, and there are no limits and no position. `lacking` has a
    sentence on each member without complete figures.
    """

    period: Period
    rate: float | None
    average: float
    lower: float | None
    upper: float | None
    position: str
    standing: Standing | None
    imported: str
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """One member in the period that is shown, with the limits for its size. Units: offences; residents; per 1,000."""

    area: str
    is_own: bool
    offences: int
    residents: int
    rate: float
    position: int
    limits: tuple[float, float]
    wide_limits: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResult:
    """One priority in the most similar group. `findings` give its position, `about` describes the group.

    `members` are those with complete figures for the period that is shown, `lacking` has a sentence on each other one.
    """

    area: str
    residents: str
    periods: tuple[GroupPeriod, ...]
    shown: Period
    average: float
    members: tuple[GroupMember, ...]
    lacking: tuple[str, ...]
    findings: tuple[str, ...]
    about: str
    disagreements: tuple[str, ...]
    finding: str
    rates_title: str
    rates_alt_text: str
    funnel_title: str
    funnel_alt_text: str


def result(
    priority: Priority,
    *,
    group: Group,
    data: GroupData,
    area: str,
    period: Period,
    counted: Callable[[Period], int | None] = lambda _: None,
) -> GroupResult | str:
    """Return one priority in the group, up to the end of a period, or why it can't be given.

    Parameters
    ----------
    priority
        What is measured, and per what.
    group
        The group's members, and from which day it holds.
    data
        The members' figures.
    area
        The partnership's area.
    period
        The report's period.
    counted
        Gives the area's own count of a period as the report has it, None where it can't be compared. Unit: offences.

    Returns
    -------
    GroupResult or str
        The last four quarters that the group's source covers, and the last financial year. Members without complete
        figures for a period are not in it. A sentence where the source does not count what the priority measures,
        covers the area in no late quarter, or there are no people or households of any member.

    Raises
    ------
    CannotBeComputedError
        If some members lack the people or households that others have; all of them are named.

    Notes
    -----
    docs/methods.md, "Most similar group": a position is that of its own period, and says so where it is not the
    report's.
    """
    if priority.measure.is_by_locus:
        return say("group", "by_locus", title=priority.title)
    try:
        row_ids = [data.counts.classification.row(row_id).row_id for row_id in priority.measure.rows]
        for row_id in row_ids:
            data.counts.check_row(row_id)
    except CdrpError as refused:
        return say("group", "not_counted", why=refused.what)
    last = quarter_of(period.last)
    back = [Period(last.first + -3 * step, last.last + -3 * step) for step in range(QUARTERS_BACK)]
    quarters = [each for each in back if len(_complete(data.counts, each)) >= LEAST_MEMBERS][:QUARTERS_SHOWN][::-1]
    if not any(area in _complete(data.counts, quarter) for quarter in quarters):
        return say("group", "not_covered", source=data.counts.origin.source, covers=data.counts.coverage)
    if not any(use == priority.rate_per for _, use in data.residents):
        return say("group", "no_residents", residents=priority.rate_per)
    residents = _residents(priority.rate_per, group, data, asked_for=f"the priority {quoted(priority.title)}")
    periods = (*quarters, *_year(data.counts, period, area))
    spread = group.overdispersion
    compared = {each: _compared(data.counts, row_ids, residents, each, is_overdispersed=spread) for each in periods}
    shown = tuple(
        _period(
            each,
            found,
            area,
            _imported(data, row_ids, area, each, len(group.members)),
            _lacking(data.counts, each, found),
        )
        for each, found in compared.items()
    )
    disagreements = (*_position_remarks(shown, data), *_count_remarks(shown, compared, data, area, counted))
    last = next(each.period for each in reversed(shown) if each.period.is_quarter and each.rate is not None)
    return _in_words(
        priority,
        group,
        data,
        area=area,
        period=period,
        periods=shown,
        found=compared[last],
        disagreements=disagreements,
    )


def position(row_ids: Sequence[str], *, group: Group, data: GroupData, rate_per: str, area: str, period: Period) -> str:
    """Return an area's position in the group for the offences of rows in any period: ``9th of 15``, 1st the lowest.

    Parameters
    ----------
    row_ids
        The offence rows that are added up.
    group
        The group's members.
    data
        The members' figures.
    rate_per
        Whether rates are per people or households.
    area
        The member that is placed.
    period
        One that the group's source covers.

    Raises
    ------
    CannotBeComputedError
        If the source does not cover the period, or members lack their residents.
    ValueFoundError
        If the area is not a member.
    """
    if area not in group.members:
        raise ValueFoundError(
            f"{quoted(area)} is not in the most similar group.",
            where="partnership.toml, group.members",
            remedy=f"Name one of {name_some([quoted(member) for member in group.members], named=len(group.members))}.",
        )
    for part in _parts(data.counts, period, area):
        data.counts.check_covers(part, area=area)
    residents = _residents(rate_per, group, data, asked_for=f"rates per 1,000 {rate_per}")
    found = _compared(data.counts, row_ids, residents, period, is_overdispersed=group.overdispersion)
    return _position(found, area, len(group.members))


def ordinal(number: int) -> str:
    """Return a position in figures and letters: 1st, 12th, 23rd."""
    ending = "th" if number % 100 in _TEENS else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def _year(counts: Counts, period: Period, area: str) -> tuple[Period, ...]:
    """Return the last financial year that is over and that an area and another one have complete figures for."""
    this = financial_year_of(period.last)
    years = [year for year in (this, this.earlier(), this.earlier(2)) if year.last <= period.last]
    complete = [(year, _complete(counts, year)) for year in years]
    return tuple(year for year, members in complete if area in members and len(members) >= LEAST_MEMBERS)[:1]


def _complete(counts: Counts, period: Period) -> tuple[str, ...]:
    """Return the members with complete figures for a period."""
    return tuple(
        area for area in counts.areas if all(counts.covers(part, area=area) for part in _parts(counts, period, area))
    )


def _parts(counts: Counts, period: Period, area: str) -> tuple[Period, ...]:
    """Return a period as the counts give it: as such, or by quarters."""
    return (period,) if counts.covers(period, area=area) or period.is_quarter else quarters_of(period)


def _lacking(counts: Counts, period: Period, found: GroupComparison) -> tuple[str, ...]:
    """Return a sentence on each member without complete figures for a period."""
    there = {member.area for member in found.members}
    return tuple(
        say(
            "group",
            "lacking",
            area=area,
            period=period.name,
            months=runs_in_words(Period(month, month) for month in counts.missing_months(period, area=area)),
        )
        for area in counts.areas
        if area not in there
    )


def _residents(use: str, group: Group, data: GroupData, *, asked_for: str) -> dict[str, int]:
    """Return each member's people or households, and refuse a group of which some lack them; all are named."""
    lacking = [member for member in group.members if (member, use) not in data.residents]
    if lacking:
        named = name_some([quoted(member) for member in lacking], named=len(lacking))
        number = "1 member" if len(lacking) == 1 else f"{len(lacking)} members"
        raise CannotBeComputedError(
            f"{number} of the group {'has' if len(lacking) == 1 else 'have'} no number of {use}: {named}.",
            where=f"partnership.toml, group.members, for {asked_for}",
            remedy=f"Add them to the file of populations, or write their names in group.members as both files do; "
            f'or choose the other rate with rate_per = "{"people" if use == "households" else "households"}".',
        )
    return {member: data.residents[member, use] for member in group.members}


def _compared(
    counts: Counts, row_ids: Sequence[str], residents: Mapping[str, int], period: Period, *, is_overdispersed: bool
) -> GroupComparison:
    """Return the members that have complete figures for a period."""
    complete = _complete(counts, period)
    members = [
        Member(
            area=area,
            offences=sum(
                counts.offences(area=area, row_id=row_id, period=part)
                for row_id in row_ids
                for part in _parts(counts, period, area)
            ),
            residents=number,
        )
        for area, number in residents.items()
        if area in complete
    ]
    return measure.compare(members, is_overdispersed=is_overdispersed)


def _imported(data: GroupData, row_ids: Sequence[str], area: str, period: Period, members: int) -> str:
    """Return the position that the export gives, which it can only for one row."""
    position = data.positions.get((area, row_ids[0], period)) if len(row_ids) == 1 else None
    return NOT_AVAILABLE if position is None else say("group", "position", nth=ordinal(position), members=members)


def _position(group: GroupComparison, area: str, members: int) -> str:
    """Return a position in words, with how many of all members have none."""
    positions = Counter(group.position(member.area) for member in group.members)
    key = "position" if positions[group.position(area)] == 1 else "joint_position"
    placed = say("group", key, nth=ordinal(group.position(area)), members=len(group.members))
    lacking = members - len(group.members)
    form = "incomplete_1" if lacking == 1 else "incomplete"
    return say("group", form, position=placed, lacking=lacking, members=members) if lacking else placed


def _position_remarks(periods: Sequence[GroupPeriod], data: GroupData) -> tuple[str, ...]:
    """Return a sentence on each imported position that is not ours."""
    return tuple(
        say("group", "disagreement", source=data.positions_source, **_names(each))
        for each in periods
        if each.rate is not None
        and each.imported not in {NOT_AVAILABLE, each.position.removeprefix(say("group", "joint"))}
    )


def _count_remarks(
    periods: Sequence[GroupPeriod],
    compared: Mapping[Period, GroupComparison],
    data: GroupData,
    area: str,
    counted: Callable[[Period], int | None],
) -> tuple[str, ...]:
    """Return a sentence on each period for which the group's source has another count of the area than the report."""
    pairs = (
        (each.period, compared[each.period].member(area).offences, counted(each.period))
        for each in periods
        if each.rate is not None
    )
    return tuple(
        say(
            "group",
            "other_count",
            source=data.counts.origin.source,
            area=area,
            period=period.name,
            theirs=in_offences(theirs),
            ours=f"{ours:,}",
        )
        for period, theirs, ours in pairs
        if ours is not None and ours != theirs
    )


def _in_words(
    priority: Priority,
    group: Group,
    data: GroupData,
    *,
    area: str,
    period: Period,
    periods: tuple[GroupPeriod, ...],
    found: GroupComparison,
    disagreements: tuple[str, ...],
) -> GroupResult:
    """Put the figures of every period, and of the members in the last quarter, into words."""
    last = next(each for each in reversed(periods) if each.period.is_quarter and each.standing is not None)
    shown, standing = last.period, last.standing
    members = tuple(_member(found, member, area) for member in found.members)
    words = {
        "title": priority.title,
        "residents": priority.rate_per,
        "area": area,
        "period": shown.name,
        "members": len(members),
        "position": last.position,
        "average": f"{found.average:,.2f}",
        "rate": f"{found.member(area).rate:,.2f}",
        "lowest": f"{members[0].area} ({members[0].rate:,.2f})",
        "highest": f"{members[-1].area} ({members[-1].rate:,.2f})",
    }
    return GroupResult(
        area=area,
        residents=priority.rate_per,
        periods=periods,
        shown=shown,
        average=found.average,
        members=members,
        lacking=tuple(dict.fromkeys(sentence for each in periods for sentence in each.lacking)),
        findings=(*_findings(periods, shown, period, priority.rate_per), *last.lacking, *disagreements),
        about=_membership(group, data),
        disagreements=disagreements,
        finding=say("group", "finding", **words, standing=say("standing", standing.name.lower() if standing else "")),
        rates_title=say("group", "rates", **words),
        rates_alt_text=say("group", "rates_alt", **words),
        funnel_title=say("group", "funnel", **words),
        funnel_alt_text=say("group", "funnel_alt", **words),
    )


def _period(period: Period, found: GroupComparison, area: str, imported: str, lacking: tuple[str, ...]) -> GroupPeriod:
    if not any(member.area == area for member in found.members):
        return GroupPeriod(
            period=period,
            rate=None,
            average=found.average,
            lower=None,
            upper=None,
            position=NOT_AVAILABLE,
            standing=None,
            imported=imported,
            lacking=lacking,
        )
    own = found.member(area)
    limits = found.limits(own.residents)
    return GroupPeriod(
        period=period,
        rate=own.rate,
        average=found.average,
        lower=limits.lower,
        upper=limits.upper,
        position=_position(found, area, len(found.members) + len(lacking)),
        standing=found.standing(area),
        imported=imported,
        lacking=lacking,
    )


def _member(found: GroupComparison, member: Member, area: str) -> GroupMember:
    limits = found.limits(member.residents)
    wide = found.limits(member.residents, confidence=measure.WIDE_CONFIDENCE)
    return GroupMember(
        area=member.area,
        is_own=member.area == area,
        offences=member.offences,
        residents=member.residents,
        rate=member.rate,
        position=found.position(member.area),
        limits=(limits.lower, limits.upper),
        wide_limits=(wide.lower, wide.upper),
    )


def _names(each: GroupPeriod) -> dict[str, str]:
    return {"period": each.period.name, "position": each.position, "imported": each.imported}


def _rates_in_words(each: GroupPeriod) -> dict[str, str]:
    """Return the rates of a period with two decimals, or as many more as show on which side of its limits it is."""
    rates = {"rate": each.rate or 0.0, "average": each.average, "lower": each.lower or 0.0, "upper": each.upper or 0.0}
    for decimals in range(_DECIMALS, _MOST_DECIMALS):
        read = {name: round(rate, decimals) for name, rate in rates.items()}
        sides = (read["rate"] > read["upper"], read["rate"] < read["lower"])
        if sides == (each.standing is Standing.ABOVE, each.standing is Standing.BELOW):
            break
    return {name: f"{rate:,.{decimals}f}" for name, rate in rates.items()}


def _findings(periods: Sequence[GroupPeriod], shown: Period, period: Period, residents: str) -> list[str]:
    """Return the last quarter and the year in words, and the quarter's label where it is not the report's."""
    sentences = [
        say(
            "group",
            "sentence",
            residents=residents,
            standing=say("standing", each.standing.name.lower()),
            **_rates_in_words(each),
            **_names(each),
        )
        for each in periods
        if (each.period == shown or not each.period.is_quarter) and each.standing is not None
    ]
    if shown != quarter_of(period.last):
        sentences.insert(1, say("group", "of_another_quarter", shown=shown.name, period=period.name))
    return sentences


def _membership(group: Group, data: GroupData) -> str:
    since = (
        say("group", "since", day=f"{group.effective.day} {Month.of(group.effective).name}") if group.effective else ""
    )
    return say("group", "membership", members=len(group.members), since=since, source=data.counts.origin.source)
