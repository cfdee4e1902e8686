"""The console's pages of what goes on now: the wall of calls, one call, the agent's own, alerts, help; and the requests
that their buttons make. Knows the feed and the frame; what an act is the handlers say."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, request

from eslbot.model.call import CallId
from eslbot.store.appeal_rows import name_of
from eslbot.store.rows import AlertRow, CallRow
from eslbot.supervise.access import NoSuch, Permission
from eslbot.supervise.live.words import hit_row
from eslbot.supervise.records import scope_of
from eslbot.supervise.web import appeals as contested
from eslbot.supervise.web import asking, keeping, keys, live, player
from eslbot.supervise.web.pages import ACTS, Console, console, install, show, tr, verbs, weight_of
from eslbot.supervise.web.texts import catalogue
from eslbot.supervise.wire import Refused

VERBS = frozenset(verb for group in ACTS for verb, _ in group)
SEE = (Permission.SEE, Permission.OWN)
ALERTS_SHOWN = 200
RECORD_SECONDS = 28 * 86400.0
RECORD_SHOWN = 100
LONGEST = 500
MORE = ("seconds", "phone", "reason", "prompt", "id")
"""What a page may say of an act besides its call."""


def blueprint(parts: Console) -> Blueprint:
    """All pages of the console."""
    made = Blueprint("console", __name__)
    install(made, parts)
    made.get("/")(wall)
    made.get("/live")(asking.needs(*SEE)(live.stream))
    made.get("/live/allowed")(allowed)
    made.get("/calls/<call>")(one_call)
    made.post("/calls/<call>/<verb>")(act)
    made.get("/mine")(mine)
    made.get("/alerts")(alerts)
    made.post("/alerts/<path:alert>/seen")(seen)
    made.get("/help")(help_page)
    player.register(made)
    contested.register(made)
    keeping.register(made)
    return made


@asking.needs()
def wall() -> Response:
    """The first page of whoever has signed in: the wall, or what else is theirs."""
    person = asking.current()
    if person.may(Permission.SEE):
        return show("wall.html", "wall.title", "/")
    if person.may(Permission.OWN):
        return make_response(redirect("/mine", 303))
    return make_response(redirect("/recordings" if person.may(Permission.LIST) else "/help", 303))


@asking.needs(*SEE)
def allowed() -> Response:
    """Whether it is worth trying the live connection again, and as whom: {me, csrf}. A page outlives its session."""
    return jsonify({"me": asking.current().who, "csrf": asking.csrf()})


@asking.needs(Permission.SEE)
def one_call(call: str) -> Response:
    """A call that is up; the page itself says where it is not."""
    groups = verbs(asking.current())
    return show(
        "call.html", "call.title", data={"focus": call[: live.LONGEST_ID]}, verbs=groups,
        phone=any(verb == "listen" for group in groups for verb, _ in group),
    )


@asking.needs(*SEE)
def act(call: str, verb: str) -> Response:
    """A button. Raises what the handler raises; what may not be done is refused there."""
    if verb not in VERBS:
        raise NoSuch(f"there is no act {verb!r}")
    given = request.get_json(silent=True)
    more: dict[str, Any] = {key: given[key] for key in MORE if key in given} if isinstance(given, dict) else {}
    for key, value in more.items():
        if isinstance(value, str) and (len(value) > LONGEST or "\0" in value):   # the journal keeps it
            raise Refused(f"{key}: at most {LONGEST} characters, none of them NUL")
    return jsonify(asking.ask(verb, call=call, **more))


@asking.needs(Permission.OWN)
def mine() -> Response:
    """The agent's own call and record."""
    person, parts = asking.current(), console()
    since = parts.feed.clock() - RECORD_SECONDS
    found = parts.store.violations.find(agent=person.name, newest_first=True, limit=RECORD_SHOWN)
    appealed = {row.hit: row.state for row in parts.store.appeals.find(agent=person.name)}
    record = [{**hit_row(row, 1), "id": name_of(row.hit), "state": appealed.get(row.hit, "")}
              for row in found if row.retracted is None and row.at >= since]
    return show("mine.html", "mine.title", "/mine", data={"mine": True}, verbs=verbs(person), record=record)


@asking.needs(Permission.SEE)
def alerts() -> Response:
    """The newest of them, of calls that are theirs to see."""
    parts, person = console(), asking.current()
    found, _ = parts.store.listing.alerts(ALERTS_SHOWN, scope=scope_of(person))
    calls = {row.call: row for row in parts.store.calls.find(call=tuple({row.call for row in found if row.call}))}
    rows = [_alert(row, calls.get(row.call)) for row in found]
    return show("alerts.html", "alerts.title", "/alerts", rows=rows)


def _alert(row: AlertRow, call: CallRow | None) -> dict[str, Any]:
    feed, texts = console().feed, catalogue("en")
    titled = feed.title(row.rule) if row.rule and row.call else row.rule
    kind = tr(f"alerts.kind-{row.kind}") if f"alerts.kind-{row.kind}" in texts else row.kind
    of = tr("alerts.of", kind=kind, what=titled) if titled else kind
    return {
        "id": row.id, "at": row.at, "weight": weight_of(row.severity), "call": row.call, "detail": row.detail,
        "agent": call.agent if call is not None else "",
        "what": titled if row.kind == "violation" and titled else of,
        "up": CallId(row.call) in feed.calls, "acknowledged": row.acknowledged,
        "by": row.acknowledged_by.removeprefix("account:"),
    }


@asking.needs(Permission.ALERTS)
def seen(alert: str) -> Response:
    """Somebody takes note of an alert."""
    return jsonify(asking.ask("acknowledge", alert=alert))


@asking.needs()
def help_page() -> Response:
    person = asking.current()
    return show("help.html", "help.title", "/help", groups=keys.groups(person, verbs(person)))
