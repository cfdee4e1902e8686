"""replay: old calls judged again under another pack. Works without a running service, from the store and the sealed
words. The identity is read here and goes to the processes of the replay and nowhere else. Knows how a replay is asked
for and shown; not how it is done."""

import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.audited import ledger_of
from eslbot.cli.identities import KeyCommand, KeyFile, identities_of
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, settings_of, user

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.improve.report import Judge


def replay(
    pack: Annotated[list[str], typer.Option("--pack", metavar="PACK", help="File or shipped name; repeatable.")],
    identity: KeyFile = None,
    command: KeyCommand = "",
    against: Annotated[
        list[str] | None, typer.Option(
            "--against", metavar="PACK", help="Compare with these; absent: what is in force under the same names."),
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Calls from this day on.")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Up to this day, it included.")] = None,
    labels: Annotated[
        Path | None, typer.Option("--labels", metavar="FILE", help="What people said of hits: precision and recall.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the report as a page.")] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write it as JSON: `rules publish` asks for it.")
    ] = None,
    lines: Annotated[int, typer.Option("--lines", min=0, help="Lines shown of each rule, gained and lost.")] = 200,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Processes; absent: one a core.")] = None,
    unredacted: Annotated[
        bool, typer.Option("--unredacted", help="Leave numbers of cards, identities and codes in the lines.")
    ] = False,
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """Judge the sealed words of old calls again under PACK: which hits are gained, which lost."""
    from eslbot import judge
    from eslbot.improve.labels import BadLabels, read_labels
    from eslbot.improve.replay import Replay, Wanted
    from eslbot.improve.report import dumps, page, write
    from eslbot.improve.report import report as report_of
    from eslbot.improve.tally import plain
    from eslbot.store import Store, StoreProblem
    from eslbot.store.chain import Entry

    settings = settings_of(config)
    base = Path.cwd()
    try:
        old = list(against) if against is not None else in_force_under(settings, pack, base)
        judges = judges_of(pack, base), judges_of(old, base)
        wanted = Wanted(
            tuple(map(str, pack)), tuple(map(str, old)), base, settings.record.directory,
            identities_of(settings, identity, command), _day(since, "--since"), _day(until, "--until", after=True),
            {} if labels is None else read_labels(labels), lines, jobs or 0, not unredacted,
        )  # fmt: skip
    except (judge.PackErrors, BadLabels) as error:
        say.fail(error, say.USAGE)
    made = time.time()
    try:
        store = Store.open_readonly(settings.store.url)
        keys = ", ".join(one.recipient.short for one in wanted.identities)
        judged = ", ".join(f"{one.name} {one.version}" for one in judges[0])
        what = f"replay of sealed {'unredacted words' if unredacted else 'words'}, with {keys}"
        ledger_of(settings).append(Entry("key-use", user(), subject=judged, node=settings.node, detail=what))
        with say.progress("replaying") as told:
            outcome = Replay(wanted, store, told).run()
    except StoreProblem as error:
        say.fail(error)
    found = report_of(plain(outcome), *judges, made, user(), wanted.since, wanted.until)
    try:
        if html is not None:
            write(html, page(found, settings.judge.language).encode())
        if report is not None:
            write(report, dumps(found))
    except OSError as error:
        say.fail(f"{error.filename}: {error.strerror}")
    if as_json:
        say.json(found)
        return
    _show(found)
    for file in (html, report):
        if file is not None:
            typer.echo(f"{file}: written, readable by you alone")


def in_force_under(settings: "Settings", packs: list[str], base: Path) -> list[str]:
    """Those packs that are in force today under the names of these. Raises PackErrors."""
    from eslbot import judge
    from eslbot.clock import today
    from eslbot.judge.published import sources

    names = {one.name for one in judge.load(packs, base=base).loaded}
    there = judge.load(sources(settings.judge.packs, settings.judge.directory), day=today())
    return [one.file for one in there.packs if one.name in names]


def judges_of(packs: list[str], base: Path) -> "list[Judge]":
    """What a report says of them. Raises PackErrors."""
    from eslbot import judge
    from eslbot.improve.report import Judge
    from eslbot.judge.whole import digest

    return [
        Judge(one.name, one.version, digest(one.file, base)) for one in judge.load(packs, base=base).loaded
    ]


def _day(text: str | None, option: str, after: bool = False) -> float | None:
    """Its first moment here, in seconds since the epoch; with `after` the first of the next day."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=after)
    except ValueError:
        say.fail(f"{option}: {text!r} is no day: write 2026-11-26", say.USAGE)
    return datetime(day.year, day.month, day.day).astimezone().timestamp()


def _show(found: dict[str, Any]) -> None:
    from eslbot.improve.report import clock

    calls = found["calls"]
    typer.echo(f"{calls['judged']} calls judged, {calls['seconds'] / 3600:.1f} hours of recording")
    for name, text in (
        ("failed", "could not be judged: damaged, or sealed for others"), ("going_on", "are still going on: left out"),
        ("destroyed", "have no key any more: left out"), ("unclosed", "were never closed: judged as far as they go"),
        ("unlabelled", "labels are of calls that were not judged"),
    ):  # fmt: skip
        if calls[name]:
            typer.echo(f"{calls[name]} {text}")
    for one in found["failures"][:20]:
        typer.echo(f"  {one['call']}: {one['why']}", err=True)
    if len(found["failures"]) > 20:
        typer.echo(f"  and {calls['failed'] - 20} more, named in the report", err=True)
    columns = {"rule": "rule", "gained": "gained", "lost": "lost", "kept": "kept", "calls": "calls changed",
               "precision": "precision", "recall": "recall"}  # fmt: skip
    rows = [
        rule | {what: None if (share := rule["labels"]["new"][what]) is None else f"{share:.3f}"
                for what in ("precision", "recall")}
        for rule in found["rules"]
    ]
    say.table(columns, rows, "no rule hit anything")
    for rule in found["rules"]:
        for change, sign in (("gained", "+"), ("lost", "-")):
            for hit in rule["lines"][change]:
                said = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in hit["text"])
                place = f"{hit['call']} {clock(hit)} {hit['role']}"
                typer.echo(f"{sign} {rule['rule']}  {place}  {said or '(never said)'}")
