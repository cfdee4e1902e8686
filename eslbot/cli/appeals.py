"""appeals list, show, decide, labels: violations that their agents contest. The running service lists and decides; this
asks it over the admin socket. What is sealed can be opened here with a key, where the service has none. Knows the verbs
and how they are shown, not who may decide."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eslbot.cli import say
from eslbot.cli.audited import ledger_of, who
from eslbot.cli.identities import KeyCommand, KeyFile, identities_of
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, asked, client_of, settings_of
from eslbot.cli.recordings import open_store

if TYPE_CHECKING:
    from eslbot.service.people.letters import Read

app = typer.Typer(help="Appeals of violations: list them, read one, decide it.", no_args_is_help=True)
Appeal = Annotated[str, typer.Argument(metavar="ID", help="As `appeals list` shows it.", show_default=False)]
_COLUMNS = {"id": "id", "state": "state", "due": "due", "agent": "agent", "team": "team", "severity": "severity",
            "rule": "rule", "title": "title", "call": "call", "closed_by": "decided by"}  # fmt: skip


@app.command("list")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Those that are decided or withdrawn, too.")] = False,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=500, help="At most so many.")] = 50,
    after: Annotated[str, typer.Option("--after", metavar="PLACE", help="Go on from where --all ended.")] = "",
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """The open ones, due first; with --all, filed last first."""
    answer = asked(client_of(config), "appeals", state="all" if everything else "open", limit=limit, after=after)
    rows = answer.get("appeals", [])
    if as_json:
        say.json(rows)
    else:
        say.table(_COLUMNS, [_row(row) for row in rows], "no appeal" if everything else "no appeal is open")
    if answer.get("next"):
        typer.echo(f"there are older ones: --after {answer['next']}", err=True)


@app.command()
def show(
    appeal: Appeal,
    identity: KeyFile = None,
    command: KeyCommand = "",
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """One, with its words and what was written of it. Where the service has no key that opens them, --identity does it
    here; either is audited."""
    answer = asked(client_of(config), "appeal", appeal=appeal)
    if answer.get("sealed") and (identity is not None or command):
        read = _opened(config, answer["id"], identity, command)
        answer |= {"words": read.words, "said": read.said, "reason": read.reason, "answer": read.answer,
                   "sealed": read.why}
    if as_json:
        say.json(answer)
        return
    found, row = answer["violation"], _row(answer)
    say.table({"what": "", "said": ""}, [{"what": what, "said": said} for what, said in (
        ("appeal", f"{answer['id']}, {answer['state']}"),
        ("agent", f"{found['agent']}, {found['team']}"),
        ("rule", f"{found['rule']} ({found['title']}), {found['severity']}, {found['pack']} {found['version']}"),
        ("law", f"{found['law_source']} ({found['law_sure']})"),
        ("call", f"{found['call']}, part {answer['part']}, second {answer['second']}"),
        ("words", answer["words"]), ("of", answer["said"]), ("reason", answer["reason"]),
        ("filed", say.local_time(answer["filed"])),
        ("due", row["due"]), ("decision", answer["answer"]), ("decided by", answer["closed_by"]),
        ("sealed", _SEALED.get(answer["sealed"], answer["sealed"])), ("not yours to decide", answer["detail"]),
    ) if said], "")


@app.command()
def decide(
    appeal: Appeal,
    outcome: Annotated[str, typer.Argument(metavar="upheld|rejected", help="upheld: the violation does not count.",
                                           show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; the agent reads it.")],
    config: ConfigFile = DEFAULT_FILE,
    as_json: AsJson = False,
) -> None:
    """Decide one, for good. Refused to whoever acted in its call."""
    if outcome not in ("upheld", "rejected"):
        say.fail("upheld or rejected", say.USAGE)
    answer = asked(client_of(config), "appeal_decide", appeal=appeal, outcome=outcome, reason=reason)
    if as_json:
        say.json(answer)
    else:
        typer.echo(f"{answer['id']}: {answer['state']}")


@app.command()
def labels(
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Instead of standard output.")]
    = None,
    config: ConfigFile = DEFAULT_FILE,
) -> None:
    """The decided ones as labels for `eslbot replay --labels`, as JSON: an upheld one says that a hit there is wrong, a
    rejected one that it is right. Works without a running service; opens nothing."""
    import orjson

    from eslbot.improve.appeals import label

    store = open_store(settings_of(config))
    found = []
    for page in store.appeals.pages(500):
        violations = {row.hit: row for row in store.violations.find(hit=tuple(row.hit for row in page))}
        found += [label(row, violations[row.hit]) for row in page if row.hit in violations]
    data = orjson.dumps([one for one in found if one is not None], option=orjson.OPT_INDENT_2) + b"\n"
    if output is None:
        typer.echo(data.decode(), nl=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        say.fail(f"{output}: {error.strerror}")


_SEALED = {"no-key": "this service has no key that opens it: --identity KEYFILE",
           "erased": "the recording was erased, and what was written with it"}  # fmt: skip


def _opened(config: Path, name: str, identity: Path | None, command: str) -> "Read":
    """With a key of this place, audited before. Ends the command where it cannot be."""
    from eslbot.service.people.letters import WHAT, opened
    from eslbot.store import StoreProblem
    from eslbot.store.chain import Entry
    from eslbot.supervise.wire import Refused

    settings = settings_of(config)
    keys = identities_of(settings, identity, command)
    store = open_store(settings)
    row = store.appeals.get(name)
    sound = store.recordings.get(row.call, row.part) if row is not None else None
    if row is None or sound is None:
        say.fail(f"there is no appeal {name!r}, or no recording of its call")
    detail = f"{WHAT}, part {sound.part}, with {', '.join(key.recipient.short for key in keys)}"
    try:
        ledger_of(settings).append(Entry("play", who(), row.call, sound.sha256, node=settings.node, detail=detail))
        return opened(sound, settings.record.directory, keys, row.hit, row)
    except (StoreProblem, Refused) as error:
        say.fail(error)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    due = say.local_time(row["due"])
    return {**row["violation"], "id": row["id"], "state": row["state"], "closed_by": row["closed_by"],
            "due": f"{due} (overdue)" if row["overdue"] else due}  # fmt: skip
