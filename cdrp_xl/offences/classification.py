"""Offence classifications: which rows a table has, which offence codes each counts, and what must add up.

Definitions drift, so figures of two classifications are never compared, unless their rows are the same.
"""

from __future__ import annotations

import contextlib
import difflib
import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdrp_xl.errors import ValueFoundError, name_some, quoted
from cdrp_xl.folding import fold
from cdrp_xl.terms import Kind, Polarity

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping, Sequence

NEAREST_OFFERED = 3
OTHER_OFFENCES = "Other offences"
"""The group of every code that no other group names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a row counts otherwise than before: from which day, what changed, and the publication that says so."""

    start: dt.date
    what: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a classification's table.

    Attributes
    ----------
    row_id
        The key of the row; names may repeat ("All Robbery" is there twice).
    number
        The row's place in the published table, from 1.
    name
        The row's name as published.
    parent
        The `row_id` of the row that it is shown under, empty for a row at the top.
    polarity
        Whether a rise is worse, or may only show more policing.
    codes
        The offence codes that the row counts.
    is_leaf
        Whether the row is one of those that part all offences among them, no offence in two.
    kind
        What the row moves like from year to year; of a row with parts, the kind among them that moves most.
    also
        Other names that the row goes by.
    own_code
        The code of an offence of which only the row is known, empty where there is none.
    is_remainder
        Whether the row counts the offences of its parent that nobody placed in another of its parts.
    changes
        From when the row counts something else than before, the earliest first.
    definition
        What a composite row, or one that is wider than those of today, consists of, in words; empty for other rows.
    source
        The publication that the definition is taken from.
    """

    row_id: str
    number: int
    name: str
    parent: str
    polarity: Polarity
    codes: frozenset[str]
    kind: Kind
    is_leaf: bool = False
    also: tuple[str, ...] = ()
    own_code: str = ""
    is_remainder: bool = False
    changes: tuple[Change, ...] = ()
    definition: str = ""
    source: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The row's name, and others that it goes by."""
        return (self.name, *self.also)

    @property
    def is_composite(self) -> bool:
        """Whether the row cuts across others: it is put together of them, and parts no offences among themselves."""
        return bool(self.definition) and not self.is_leaf

    def changes_between(self, earlier: dt.date, later: dt.date) -> tuple[Change, ...]:
        """Return what changed after one day and until another, so that counts on its two sides are not alike."""
        return tuple(change for change in self.changes if earlier < change.start <= later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A declared sum: the whole row is the sum of its parts, in every area and period."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A declared bound: the part is never more than the whole."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An offence group: groups share no code, and together they have every code of their classification."""

    name: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """A row of a partnership's own: the sum of rows of a classification that share no offence."""

    row_id: str
    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The rows of one published table, with the codes that they count and the sums that must hold."""

    classification_id: str
    title: str
    table: str
    source: str
    rows: tuple[Row, ...]
    identities: tuple[Identity, ...]
    bounds: tuple[Bound, ...]
    descriptions: Mapping[str, str]
    codes_by_words: Mapping[str, str]
    """The code of each description, as words are compared."""
    groups: tuple[Group, ...]
    counts_as: str = ""
    """The classification whose rows these are where they have the same ids; empty where they are its own."""
    listed_in: str = ""
    """The file of the offences that the codes stand for, empty where the classification has none of its own."""
    composites: tuple[Composite, ...] = ()
    """The partnership's own rows among `rows`, the last of them."""
    incidents: tuple[str, ...] = ()
    """The ids of the rows after the others, of incidents, which are not recorded crime; see `loading.beside`."""
    left_out: tuple[Row, ...] = ()
    """Rows that `rows` lacks, since a source has not all of their offences."""

    def counts_alike(self, other: Classification) -> bool:
        """Return whether a row of both counts the same in both, even where one lacks some of the other's rows."""
        return (self.counts_as or self.classification_id) == (other.counts_as or other.classification_id)

    @property
    def leaves(self) -> tuple[Row, ...]:
        """The rows that are tested one by one, in the table's order."""
        return tuple(row for row in self.rows if row.is_leaf)

    def row(self, row_id: str) -> Row:
        """Return the row with an id, or, where only one row bears it, a name, which may be written as an id is.

        Raises
        ------
        ValueFoundError
            If no row is called so, the nearest ids are offered; if several rows are, their ids.
        """
        for row in self.rows:
            if row.row_id == row_id:
                return row
        named = self.rows_named(row_id) or self.rows_named(row_id.replace("-", " "))
        if len(named) == 1:
            return named[0]
        if named:
            raise ValueFoundError(
                f'{len(named)} offence rows are called "{row_id}" in {self.title}.',
                where=f"classification {self.classification_id}",
                remedy=f"Name one by its id: {' or '.join(quoted(row.row_id) for row in named)}.",
            )
        raise self.no_row(row_id)

    def no_row(self, row_id: str, *, offered: Sequence[str] = ()) -> ValueFoundError:
        """Return the error for a row that the classification does not have, offering the nearest ids, or else names."""
        if any(row_id == row.row_id or fold(row_id) in map(fold, row.names) for row in self.left_out):
            return ValueFoundError(
                f"{quoted(row_id)} can't be counted: the source lacks some of its offences.",
                where=f"classification {self.classification_id}",
                remedy="Count it from another source, or name rows that the source has.",
            )
        return ValueFoundError(
            f'There is no offence row "{row_id}" in {self.title}.',
            where=f"classification {self.classification_id}",
            remedy=_offer(row_id, offered or [row.row_id for row in self.rows]),
        )

    def check_apart(self, row_ids: Iterable[str], *, where: str) -> None:
        """Refuse rows to be added up of which two count the same offences; what is no row of ours is passed over.

        Raises
        ------
        ValueFoundError
            If two rows share an offence code, or one is named twice.
        """
        known = []
        for row_id in row_ids:
            with contextlib.suppress(ValueFoundError):
                known.append(self.row(row_id))
        for one, other in itertools.combinations(known, 2):
            if one.codes & other.codes:
                raise ValueFoundError(
                    f"{quoted(one.name)} and {quoted(other.name)} share offences, which would be counted twice.",
                    where=where,
                    remedy="Name one of the two, or rows that share none.",
                )

    def with_composites(self, composites: Iterable[Composite], *, where: str) -> Classification:
        """Return the classification with a partnership's own rows behind the others, each the sum of its parts.

        Raises
        ------
        ValueFoundError
            If a part is no row, two parts share an offence, or another row has a name or id already.
        """
        own = tuple(replace(each, parts=tuple(self.row(part).row_id for part in each.parts)) for each in composites)
        rows, ids = list(self.rows), {row.row_id for row in self.rows}
        for each in own:
            if each.row_id in ids or self.rows_named(each.name):
                raise ValueFoundError(
                    f"{quoted(each.name)} is a row of {self.title} already.",
                    where=where,
                    remedy="Give the composite row another name and id.",
                )
            self.check_apart(each.parts, where=where)
            rows.append(self._composite(each, number=len(rows) + 1))
        identities = tuple(Identity(whole=each.row_id, parts=each.parts) for each in own)
        return replace(self, rows=tuple(rows), identities=(*self.identities, *identities), composites=own)

    def _composite(self, own: Composite, *, number: int) -> Row:
        parts = [self.row(part) for part in own.parts]
        is_activity = all(part.polarity is Polarity.ACTIVITY for part in parts)
        codes = frozenset[str]().union(*(part.codes for part in parts))
        return Row(
            row_id=own.row_id,
            number=number,
            name=own.name,
            parent=self.all_crime.row_id if codes <= self.all_crime.codes else "",
            polarity=Polarity.ACTIVITY if is_activity else Polarity.LOWER_IS_BETTER,
            codes=codes,
            kind=Kind.most(part.kind for part in parts),
            changes=tuple(sorted({each for part in parts for each in part.changes}, key=lambda each: each.start)),
            definition=f"The sum of these rows: {name_some([part.name for part in parts], named=len(parts))}.",
            source="The partnership's own definition.",
        )

    def without(self, row_ids: Collection[str]) -> Classification:
        """Return the classification without some of its rows, of which a source has no figures, and their sums.

        A row that keeps no part but that of what nobody placed is no longer divided, and the parts of a row that is
        left out are those of the row above it.
        """
        gone = set(row_ids)
        parts = {each.whole: each.parts for each in self.identities}

        def kept_parts(whole: str) -> tuple[str, ...]:
            return tuple(
                each for part in parts.get(whole, ()) for each in (kept_parts(part) if part in gone else (part,))
            )

        left = {whole: kept_parts(whole) for whole in parts if whole not in gone}
        rows = {row.row_id: row for row in self.rows}
        undivided = {
            whole: parts[0] for whole, parts in left.items() if len(parts) == 1 and rows[parts[0]].is_remainder
        }
        gone.update(undivided.values())

        def kept(row: Row) -> Row:
            above = row.parent
            while above in gone:
                above = rows[above].parent
            return replace(row, parent=above, is_leaf=row.is_leaf or row.row_id in undivided)

        return replace(
            self,
            rows=tuple(kept(row) for row in self.rows if row.row_id not in gone),
            identities=tuple(
                Identity(whole=whole, parts=own) for whole, own in left.items() if own and whole not in undivided
            ),
            bounds=tuple(each for each in self.bounds if each.part not in gone and each.whole not in gone),
            left_out=tuple(row for row in self.rows if row.row_id in gone),
        )

    def rows_named(self, name: str) -> tuple[Row, ...]:
        """Return every row that goes by a name, in the table's order; spaces and capitals do not matter."""
        plain = fold(name)
        return tuple(row for row in self.rows if any(fold(each) == plain for each in row.names))

    def narrowest(self, codes: Collection[str]) -> Row | None:
        """Return the row with the fewest codes that counts all of some codes, None if no row does.

        Rows of what nobody placed, and composite rows, which cut across others, are passed over.
        """
        holding = [row for row in self.rows_holding(codes) if not row.is_composite]
        return min(holding, key=lambda row: len(row.codes), default=None)

    def rows_holding(self, codes: Collection[str]) -> tuple[Row, ...]:
        """Return the rows that count all of some codes, in the table's order, without those of what nobody placed."""
        return tuple(row for row in self.rows if not row.is_remainder and row.codes.issuperset(codes))

    def code(self, text: str) -> str | None:
        """Return the offence code that a code or a description means, None if there is none.

        ``"028A"``, ``"28a"`` and ``"Burglary in a dwelling"`` all give ``"28A"``.
        """
        for code in (text.strip().upper(), normal_code(text)):
            if code in self.descriptions:
                return code
        return self.codes_by_words.get(fold(text))

    @property
    def all_crime(self) -> Row:
        """The row of all recorded crime, which every table begins with."""
        return self.rows[0]

    def grouped(self, named: Mapping[str, Sequence[str]], *, where: str) -> tuple[Group, ...]:
        """Return groups put together from offence codes, rows and groups; without any, the classification's own.

        Raises
        ------
        ValueFoundError
            If a name is none of these, or a code is in two groups.
        """
        if not named:
            return self.groups
        groups = {
            name: frozenset[str]().union(*(self._codes_named(part, where=where) for part in parts))
            for name, parts in named.items()
        }
        for (one, codes), (other, others) in itertools.combinations(groups.items(), 2):
            if shared := sorted(codes & others):
                raise ValueFoundError(
                    f"The code {name_some(shared)} is in two groups, {quoted(one)} and {quoted(other)}.",
                    where=where,
                    remedy="Leave it in one of them.",
                )
        return with_the_rest(groups, frozenset(self.descriptions))

    def _codes_named(self, text: str, *, where: str) -> frozenset[str]:
        """Return the codes of a group, of an offence row, or the one code that a text names."""
        for group in self.groups:
            if fold(group.name) == fold(text):
                return group.codes
        for row in self.rows:
            if row.row_id == text:
                return row.codes
        code = self.code(text)
        if code is None:
            raise ValueFoundError(
                f"{quoted(text)} is not an offence code, row or group of {self.title}.",
                where=where,
                remedy=self.nearest(text),
            )
        return frozenset({code})

    def nearest(self, text: str) -> str:
        """Return the sentence that offers the codes and descriptions nearest to an unknown text."""
        known = [*self.descriptions, *self.descriptions.values()]
        return _offer(text, known)


def normal_code(text: str) -> str:
    """Return an offence code in one form: capitals, no leading zeros, a point before the part."""
    code = re.sub(r"[/.]0*(?=\d)", ".", text.strip().upper())
    return code.lstrip("0") or code


def with_the_rest(groups: Mapping[str, frozenset[str]], every: frozenset[str]) -> tuple[Group, ...]:
    """Return groups by their names, with the codes that are in none of them as other offences."""
    rest = every.difference(*groups.values())
    other = groups.get(OTHER_OFFENCES, frozenset()) | rest
    named = [Group(name=name, codes=codes) for name, codes in groups.items() if name != OTHER_OFFENCES]
    return (*named, *([Group(name=OTHER_OFFENCES, codes=other)] if other else []))


def _offer(text: str, known: Sequence[str]) -> str:
    by_letters = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(text.casefold(), by_letters, n=NEAREST_OFFERED, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(quoted(by_letters[name]) for name in near)}?"
    return f"Known are {name_some(known)}."
