"""recordings missing: the reconciliation of calls with recordings, for a person and for the service's daily look. Knows
how it is shown, not how it is found."""

from typing import Annotated

import typer

from eslbot.cli import say
from eslbot.cli.options import DEFAULT_FILE, AsJson, ConfigFile, settings_of


def missing(
    config: ConfigFile = DEFAULT_FILE,
    within: Annotated[
        str, typer.Option("--within", metavar="PERIOD", help="Calls that ended so long ago at most.")
    ] = "30d",
    as_json: AsJson = False,
) -> None:
    """Calls that were answered and have no recording, or one that was never closed. A call that began and ended while
    the service was down is not known here: compare with the switch's own call records."""
    import time

    from sqlalchemy.exc import SQLAlchemyError

    from eslbot.config.periods import parse_period
    from eslbot.record.missing import missing as found_missing
    from eslbot.store.engine import StoreProblem, engine_of

    try:
        period = parse_period(within)
    except ValueError as error:
        say.fail(f"--within: {error}", say.USAGE)
    now = time.time()
    try:
        engine = engine_of(settings_of(config).store.url, readonly=True)
    except StoreProblem as error:
        say.fail(error)
    try:
        with engine.connect() as connection:
            rows = [one.plain() for one in found_missing(connection, now - period, now)]
    except SQLAlchemyError as error:
        say.fail(f"the store cannot be read: {getattr(error, 'orig', None) or error}")
    finally:
        engine.dispose()
    if as_json:
        say.json({"since": now - period, "missing": rows})
        return
    shown = [{**row, "bridged": say.local_time(row["bridged"]), "ended": say.local_time(row["ended"])} for row in rows]
    columns = {"call": "call", "switch": "switch", "bridged": "answered", "ended": "ended", "what": "recording",
               "told": "told"}
    say.table(columns, shown, f"every call of the last {within} has its recording")
