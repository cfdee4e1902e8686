"""rules publish, rules list, rules reload: how a pack comes into force. Publishing and listing work without a running
service; a reload asks it over the admin socket. Knows the verbs, not how they are done."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eslbot.cli import say
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, client_of, settings_of, user

if TYPE_CHECKING:
    from eslbot.config import Settings
    from eslbot.judge.published import Published


def publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The pack.")],
    report: Annotated[
        Path, typer.Option("--report", metavar="REPORT", help="Of `eslbot replay --pack FILE --report REPORT`.")
    ],
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """Put a pack in force under its name and version. Refused without a report of a replay of exactly this file."""
    from eslbot import judge
    from eslbot.clock import today
    from eslbot.improve.publish import NotPublished, Place
    from eslbot.improve.publish import publish as put
    from eslbot.improve.report import BadReport

    settings = settings_of(config)
    place = Place(settings.judge.packs, settings.judge.directory)
    try:
        made = put(file, report, place, user(), time.time(), today())
    except judge.PackErrors as error:
        say.fail(error, say.USAGE)
    except (NotPublished, BadReport) as error:
        say.fail(error)
    except OSError as error:
        say.fail(f"{error.filename}: {error.strerror}")
    _audit(settings, made)
    when = f"from {made.effective} on" if made.effective and made.effective > today() else "now"
    typer.echo(f"{made.name} {made.version}: published, in force {when}; {made.file}")
    typer.echo("A running service takes it up by itself within a minute, or at once: eslbot rules reload", err=True)


def _audit(settings: "Settings", made: "Published") -> None:
    """A pack that cannot be audited is in force all the same: it says so."""
    from eslbot.store import Ledger, StoreProblem
    from eslbot.store.chain import Entry

    try:
        Ledger(settings.store.url).append(
            Entry("publish", user(), subject=f"{made.name} {made.version} {made.sha256}", node=settings.node))
    except StoreProblem as error:
        typer.echo(f"the audit does not have it: {error}", err=True)


def list_(config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """The packs that are in force today, and those that will be: version, days, digest, and who published them."""
    from eslbot import judge
    from eslbot.clock import today
    from eslbot.judge.packs import path_of
    from eslbot.judge.published import describe, sources
    from eslbot.judge.whole import digest

    settings = settings_of(config)
    day = today()
    try:
        named = sources(settings.judge.packs, settings.judge.directory)
        packs = judge.load(named, day=day)
        notes = describe([one.file for one in packs.loaded], settings.judge.directory)
    except judge.PackErrors as error:
        say.fail(error, say.USAGE)
    rows = []
    for one in packs.loaded:
        note = notes.get(one.file)
        rows.append({
            "pack": one.name, "version": one.version, "in_force": one in packs.packs,
            "effective": one.effective.isoformat() if one.effective else None,
            "review": one.review.isoformat() if one.review else None,
            "review_due": one.review is not None and one.review <= day, "sha256": digest(one.file),
            "file": str(path_of(one.file)), "published": note.at if note else None, "by": note.by if note else None,
            "report": note.report if note else None,
        })  # fmt: skip
    if as_json:
        say.json(rows)
        return
    columns = {
        "pack": "pack", "version": "version", "in_force": "in force", "effective": "effective", "review": "review",
        "sha256": "digest", "published": "published", "by": "by",
    }  # fmt: skip
    shown = [row | {"sha256": str(row["sha256"])[:16], "published": say.local_time(row["published"])}  # type: ignore[arg-type]
             for row in rows]  # fmt: skip
    say.table(columns, shown, "no pack is configured")


def reload(config: ConfigFile = DEFAULT_FILE, as_json: AsJson = False) -> None:
    """Have the running service judge new calls under the packs as they are now; those that are up keep theirs."""
    from eslbot.supervise.admin import NotReachable
    from eslbot.supervise.wire import Refused

    try:
        answer = client_of(config).call("reload")
    except NotReachable as error:
        say.fail(error, say.UNREACHABLE)
    except Refused as error:
        say.fail(error, say.USAGE)
    if as_json:
        say.json(answer)
        return
    for one in answer.get("packs", []):
        typer.echo(f"{one['pack']} {one['version']}: in force")
