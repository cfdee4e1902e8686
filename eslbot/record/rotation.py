"""Rotation: recordings that are over are sealed for other recipients, by headers made anew; no payload is touched and
no chunk opened. Knows the store's headers and the identities it is given; writes no file.

A header is exchanged for another in one transaction that first looks whether the one it was made from is still there: a
recording can always be opened by the old recipients or by the new ones, and a key that was destroyed meanwhile does not
come back. Whoever dies half-way finishes it by doing it again: what is done is passed over, and a flag in the store
says that the database may still hold old headers in its free pages, until they are searched for and gone."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eslbot.record import container
from eslbot.record.container import ContainerError, NoMatch
from eslbot.record.erase import ROTATING
from eslbot.record.grants import (
    KINDS,
    Access,
    Grant,
    Kind,
    access,
    faults,
    recipients_of,
    text_of,
    texts_of,
)
from eslbot.record.keys import Identity, KeyProblem, Recipient, header_for, parse_recipient
from eslbot.store import destruction, headers
from eslbot.store.chain import Entry
from eslbot.store.headers import Wrapped
from eslbot.store.ledger import Ledger
from eslbot.store.rows import FlagRow

PAGE = 500
"""Recordings exchanged in one transaction."""
NAMED = 20
"""Calls that a report names of those that could not be done."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Change:
    """Whom recordings are to be sealed for."""

    to: tuple[Grant, ...] | None = None
    """Exactly these; None: those that each recording has."""
    add: tuple[Grant, ...] = ()
    """And these."""
    remove: tuple[Recipient, ...] = ()
    """And not these."""
    since: float | None = None
    """Only recordings begun from then on, seconds since the epoch."""
    held: bool = False
    """Take recipients away from recordings under a legal hold too; else they are only given more."""

    def wanted(self, now: Sequence[str], held: bool) -> tuple[str, ...]:
        """A row's recipients after it."""
        before = access(now)
        after = before if self.to is None else access(map(str, self.to))
        after = _more(after, access(map(str, self.add)))
        gone = {str(one) for one in self.remove}
        after = {text: opens for text, opens in after.items() if text not in gone}
        if held and not self.held:
            after = _more(before, after)
        return tuple(now) if after == before else texts_of(after)

    def said(self) -> str:
        """What the audit and the flag say of it."""
        parts = ["to " + _shorts(self.to)] if self.to is not None else []
        parts += ["add " + _shorts(self.add)] if self.add else []
        parts += ["remove " + ", ".join(one.short for one in self.remove)] if self.remove else []
        parts += [f"since {self.since:.0f}"] if self.since is not None else []
        return "; ".join([*parts, *(["held ones too"] if self.held else [])])


@dataclass(slots=True)
class Report:
    """What a rotation did."""

    recordings: int = 0
    """Parts that were looked at."""
    rewrapped: int = 0
    kept_for_a_hold: int = 0
    """Are under a hold, and keep a recipient that others lost."""
    failed: int = 0
    """Could not be opened by any identity given, or would have been nobody's."""
    problems: list[str] = field(default_factory=list)
    """A line each, of the first so many."""
    resumed: bool = False
    store: str = ""
    """How the store's files were rid of old headers; empty: nothing was exchanged."""

    def fail(self, call: str, why: object) -> None:
        """One that could not be done."""
        self.failed += 1
        if self.failed <= NAMED:
            self.problems.append(f"{call}: {why}")


@dataclass(frozen=True, slots=True)
class Rotation:
    """One change, over one store."""

    ledger: Ledger
    identities: tuple[Identity, ...]
    change: Change
    who: str
    node: str
    _recipients: dict[str, Recipient] = field(default_factory=dict)
    _pairs: list[tuple[Identity, Recipient]] = field(default_factory=list)
    _wanted: dict[tuple[tuple[str, ...], bool], tuple[str, ...]] = field(default_factory=dict)
    """What was thought out once: most recordings have the same recipients."""

    def due(self) -> int:
        """How many parts it would change."""
        pages = headers.pages(self.ledger.engine, PAGE * 10, self.change.since, headers=False)
        return sum(self._after(one.recipients, one.held) != one.recipients for page in pages for one in page)

    def run(self, progress: Progress = lambda done, of: None) -> Report:
        """Do it. What cannot be done of it is in the report, and the rest is done. Raises StoreProblem; run it again
        then."""
        report, due = Report(), self.due()
        report.resumed = self._begin(due)
        done = -1
        while done != report.rewrapped:   # until a whole pass finds nothing to do: calls end meanwhile
            done = report.rewrapped
            report.recordings = report.kept_for_a_hold = report.failed = 0
            report.problems.clear()
            for page in headers.pages(self.ledger.engine, PAGE, self.change.since):
                self._page(page, report)
                progress(report.rewrapped, max(due, report.rewrapped))
        if report.rewrapped or report.resumed:
            report.store = destruction.scrub(self.ledger.engine, None)
        self._end(report)
        return report

    def _after(self, now: tuple[str, ...], held: bool) -> tuple[str, ...]:
        if (now, held) not in self._wanted:
            self._wanted[now, held] = self.change.wanted(now, held)
        return self._wanted[now, held]

    def _page(self, page: Sequence[Wrapped], report: Report) -> None:
        changes = []
        for one in page:
            report.recordings += 1
            after = self._after(one.recipients, one.held)
            if one.held and after != self._after(one.recipients, False):
                report.kept_for_a_hold += 1
            if after == one.recipients:
                continue
            try:
                changes.append((one, self._rewrapped(one, after)))
            except (ContainerError, KeyProblem) as error:
                report.fail(one.call, error)
        if changes:
            report.rewrapped += headers.swap(self.ledger.engine, changes)

    def _rewrapped(self, one: Wrapped, after: tuple[str, ...]) -> Wrapped:
        grants = tuple(self._grant(text, opens) for text, opens in access(after).items())
        wrong = faults(grants)
        if wrong:
            raise KeyProblem("; ".join(wrong))
        made = {kind: self._header(header, recipients_of(grants, kind), kind)
                for kind, header in zip(KINDS, (one.audio, one.words), strict=True)}
        return replace(one, recipients=after, audio=made["audio"], words=made["words"])

    def _header(self, header: bytes, recipients: Sequence[Recipient], kind: Kind) -> bytes:
        """The header anew; where one of us is a recipient of it, it was opened before it takes the old one's place."""
        try:
            file_key = container.open_with(container.parse(header), self.identities)
        except NoMatch:
            raise NoMatch(f"none of the identities given opens its {kind}") from None
        made = header_for(file_key, recipients)
        ours = [identity for identity, public in self._ours() if public in recipients]
        if ours and container.open_with(container.parse(made), ours) != file_key:
            raise container.BadHeader(f"its {kind}'s header, made anew, gives another key")
        return made

    def _ours(self) -> list[tuple[Identity, Recipient]]:
        if not self._pairs:
            self._pairs.extend((one, one.recipient) for one in self.identities)
        return self._pairs

    def _grant(self, text: str, opens: frozenset[Kind]) -> Grant:
        if text not in self._recipients:
            self._recipients[text] = parse_recipient(text)
        return Grant(self._recipients[text], opens)

    # --- what is told of it -------------------------------------------------------------------------------------
    def _begin(self, due: int) -> bool:
        """Whether one like it was begun before and not finished."""
        said = self.change.said()
        with self.ledger.writing() as writing:
            before = destruction.flag(writing.connection, ROTATING)
            resumed = before is not None and json.loads(before).get("change") == said
            with_keys = ", ".join(one.recipient.short for one in self.identities)
            row = writing.append(Entry(
                "rotate", self.who, subject="gone on" if resumed else "begun", node=self.node,
                detail=f"{due} recordings; with {with_keys}; {said}"))
            destruction.put(writing, FlagRow(ROTATING, json.dumps({"change": said, "audit": row.seq}),
                                             row.at_us / 1_000_000, self.who))
        return before is not None

    def _end(self, report: Report) -> None:
        detail = (f"{report.rewrapped} sealed anew, {report.kept_for_a_hold} kept for a hold, {report.failed} failed; "
                  f"{self.change.said()}")
        with self.ledger.writing() as writing:
            writing.append(Entry("rotate", self.who, subject="ended", node=self.node, detail=detail))
            destruction.unset(writing, ROTATING)


def unfinished(ledger: Ledger) -> dict[str, Any] | None:
    """What was begun and not finished: `change`, as the audit says it, and `audit`, the row of its beginning."""
    with ledger.engine.connect() as connection:
        found = destruction.flag(connection, ROTATING)
    return None if found is None else dict(json.loads(found))


def _more(one: Access, other: Access) -> dict[str, frozenset[Kind]]:
    return {text: one.get(text, frozenset()) | other.get(text, frozenset()) for text in {**one, **other}}


def _shorts(grants: Sequence[Grant]) -> str:
    return ", ".join(text_of(one.recipient.short, one.opens) for one in grants)
