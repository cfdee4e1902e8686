"""The headers of recordings that are over, page by page, and each put in the place of another: for whom a recording is
sealed changes here, and nowhere else in the store. Knows the table; opens no header, knows no key and asks nobody."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Text, bindparam, cast, func, select, tuple_, update
from sqlalchemy.exc import SQLAlchemyError

from eslbot.store.destruction import ERASED
from eslbot.store.engine import StoreProblem
from eslbot.store.tables import holds, recordings

_R = recordings.c
_SWAP = (
    update(recordings)
    .where(_R.call == bindparam("b_call"), _R.part == bindparam("b_part"), _R.state != ERASED,
           _R.audio_header == bindparam("b_audio"), _R.words_header == bindparam("b_words"))
    .values(audio_header=bindparam("new_audio"), words_header=bindparam("new_words"),
            recipients=bindparam("new_recipients"))
)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """Whom one part of a call is sealed for."""

    call: str
    part: int
    recipients: tuple[str, ...]
    held: bool
    """Under a legal hold."""
    audio: bytes = b""
    """Its two headers; empty where they were not asked for."""
    words: bytes = b""


def pages(engine: Engine, size: int, since: float | None = None, headers: bool = True) -> Iterator[list[Wrapped]]:
    """All recordings that are over and not erased, in the order of their calls, each page read when it is asked for.
    `since`: seconds since the epoch, those begun from then on. Raises StoreProblem."""
    columns = [_R.call, _R.part, _R.recipients, holds.c.call.is_not(None)]
    query = select(*columns, *([_R.audio_header, _R.words_header] if headers else [])).join_from(
        recordings, holds, holds.c.call == _R.call, isouter=True)
    query = query.where(_R.state != ERASED, _R.ended.is_not(None)).order_by(_R.call, _R.part).limit(size)
    if since is not None:
        query = query.where(_R.started >= since)
    after: tuple[str, int] | None = None
    while True:
        wanted = query if after is None else query.where(tuple_(_R.call, _R.part) > tuple_(*after))
        try:
            with engine.connect() as connection:
                found = [Wrapped(call, part, tuple(recipients), bool(held), *rest)
                         for call, part, recipients, held, *rest in connection.execute(wanted)]
        except SQLAlchemyError as error:
            raise _problem(error) from error
        if not found:
            return
        yield found
        after = found[-1].call, found[-1].part


def swap(engine: Engine, changes: Sequence[tuple[Wrapped, Wrapped]]) -> int:
    """Put each second one's headers and recipients in the place of the first one's, all in one transaction; gives how
    many were. One whose headers are others by now (erased, or changed by somebody else) is left as it is. Raises
    StoreProblem: then none was."""
    try:
        with engine.begin() as connection:
            return sum(_swapped(connection, old, new) for old, new in changes)
    except SQLAlchemyError as error:
        raise _problem(error) from error


def tally(engine: Engine) -> list[tuple[tuple[str, ...], str, bool, int]]:
    """Recipients, state, whether it is over, and how many parts have these. Raises StoreProblem."""
    text = cast(_R.recipients, Text)
    over = _R.ended.is_not(None)
    try:
        with engine.connect() as connection:
            groups = connection.execute(select(text, _R.state, over, func.count()).group_by(text, _R.state, over))
            return [(tuple(json.loads(kept)), str(state), bool(ended), int(count))
                    for kept, state, ended, count in groups]
    except SQLAlchemyError as error:
        raise _problem(error) from error


def _swapped(connection: Connection, old: Wrapped, new: Wrapped) -> int:
    return connection.execute(_SWAP, {
        "b_call": old.call, "b_part": old.part, "b_audio": old.audio, "b_words": old.words,
        "new_audio": new.audio, "new_words": new.words, "new_recipients": list(new.recipients)}).rowcount


def _problem(error: SQLAlchemyError) -> StoreProblem:
    return StoreProblem(f"recordings' headers cannot be read or changed: {getattr(error, 'orig', None) or error}")
