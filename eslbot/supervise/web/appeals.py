"""Appeals in the browser: those that wait, those that are closed, and one of them with what its reader may do about it,
by forms that need no script. Knows pages and what the handlers answer; who may what they say."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, request

from eslbot.supervise.access import Denied, NoSuch, Permission
from eslbot.supervise.web import asking
from eslbot.supervise.web.pages import show, weight_of
from eslbot.supervise.wire import Refused

SHOWN = 200
LONGEST = 500
"""Characters that somebody may write."""
WHOSE = (Permission.APPEALS, Permission.OWN)
STEPS = {"file": "appeal_file", "withdraw": "appeal_withdraw", "decide": "appeal_decide"}
"""What a form asks for -> the handler's verb."""


def register(blueprint: Blueprint) -> None:
    blueprint.get("/appeals")(appeals)
    blueprint.get("/appeals/<appeal>")(appeal)
    blueprint.post("/appeals/<appeal>/<step>")(step)


@asking.needs(*WHOSE)
def appeals() -> Response:
    """The open ones, due first, and below them what is closed; an agent's own for an agent."""
    waiting = asking.ask("appeals", state="open", limit=SHOWN)
    closed = asking.ask("appeals", state="closed", limit=SHOWN // 4, after=request.args.get("after", "")[:300])
    return show(
        "appeals.html", "appeals.title", "/appeals", waiting=list(map(_row, waiting["appeals"])), count=waiting["open"],
        closed=list(map(_row, closed["appeals"])), older=closed["next"],
        decides=asking.current().may(Permission.APPEALS),
    )


@asking.needs(*WHOSE)
def appeal(appeal: str) -> Response:
    """A violation, its words, and what has become of it."""
    return _page(appeal)


@asking.needs(*WHOSE)
def step(appeal: str, step: str) -> Response:
    """A form. What may not be done is refused by the handler; what cannot be done now is said above the form, which
    keeps what was written."""
    verb = STEPS.get(step)
    if verb is None:
        raise NoSuch(f"nothing is called {step[:64]!r} here")
    form = request.form
    args = {"violation" if step == "file" else "appeal": appeal, "reason": form.get("reason", ""),
            "outcome": form.get("outcome", "")}
    try:
        if len(args["reason"]) > LONGEST or "\0" in args["reason"]:
            raise Refused(f"reason: at most {LONGEST} characters, none of them NUL")
        asking.ask(verb, **args)
    except (Denied, NoSuch):
        raise
    except Refused as error:
        return _page(appeal, str(error), args, 409)
    return make_response(redirect(f"/appeals/{appeal}", 303))


def _page(name: str, problem: str = "", typed: dict[str, str] | None = None, status: int = 200) -> Response:
    found = asking.ask("appeal", appeal=name)
    own = asking.current().may(Permission.OWN)
    return show(
        "appeal.html", "appeals.one", "/mine" if own else "/appeals", status=status, live=False, one=_row(found),
        own=own, problem=problem, typed=typed or {}, longest=LONGEST, why=_why(found))


def _why(found: dict[str, Any]) -> str:
    """Why nothing can be done about it, as improve/appeals.Bar; empty where it shows: that it is closed."""
    code = str(found["barred"])
    return "" if code in ("closed", "again") else code


def _row(found: dict[str, Any]) -> dict[str, Any]:
    """With what a template does not work out by itself."""
    violation = found["violation"]
    laws = zip(violation["law_source"].split("; "), violation["law_sure"].split("; "), strict=False)
    return {**found, "weight": weight_of(violation["severity"]), "by": found["closed_by"].removeprefix("account:"),
            "laws": [one for one in laws if one[0]], "parts": _parts(found.get("said", ""), found.get("words", ""))}


def _parts(said: str, words: str) -> tuple[str, str, str]:
    """An utterance before the words that it is about, these, and after them."""
    return said.partition(words) if words and words in said else ("", words or said, "")
