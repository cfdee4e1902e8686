"""The console's page of whether a recording is held, and of erasing it: forms that work without scripts, and a second
question before what cannot be undone. Knows the frame; what each means, and who may, the handlers say."""

import hmac

from flask import Blueprint, Response, make_response, redirect, request

from eslbot.supervise.access import Denied, NoSuch, Permission
from eslbot.supervise.web import asking
from eslbot.supervise.web.language import language
from eslbot.supervise.web.pages import show
from eslbot.supervise.web.refusals import told
from eslbot.supervise.wire import Refused

TYPED = 8
"""Characters of the call's id that somebody types who is sure."""
LONGEST = 500


def register(blueprint: Blueprint) -> None:
    blueprint.get("/recordings/<call>/keeping")(keeping)
    blueprint.post("/recordings/<call>/hold")(hold)
    blueprint.post("/recordings/<call>/release")(release)
    blueprint.post("/recordings/<call>/erase")(erase)


@asking.needs(Permission.ERASE)
def keeping(call: str) -> Response:
    """How it stands, and what can be done."""
    return _page(call)


@asking.needs(Permission.ERASE)
def hold(call: str) -> Response:
    return _done(call, "hold")


@asking.needs(Permission.ERASE)
def release(call: str) -> Response:
    return _done(call, "release")


@asking.needs(Permission.ERASE)
def erase(call: str) -> Response:
    """Asks once more; does it where the beginning of the call's id was typed, and nothing else."""
    typed, known = request.form.get("typed"), asking.ask("keeping", call=call)["call"]
    if typed is None or not _reason():
        return _page(call, sure=bool(_reason()), problem="" if _reason() else "keeping.reason-needed")
    if not hmac.compare_digest(typed.strip().lower().encode(), known[:TYPED].encode()):
        return _page(call, sure=True, problem="keeping.typed-wrong", status=400)
    if not asking.streaming():   # the store's files are searched: that may take longer than an answer usually may
        return Response(status=503, headers={"Retry-After": "5"})
    return _done(call, "erase")


def _done(call: str, verb: str) -> Response:
    try:
        asking.ask(verb, call=call, reason=_reason())
    except (Denied, NoSuch):
        raise
    except Refused as error:
        return _page(call, said=told(language(), str(error)), status=409)
    return make_response(redirect(f"/recordings/{call}/keeping", 303))


def _page(call: str, sure: bool = False, problem: str = "", said: str = "", status: int = 200) -> Response:
    """Raises NoSuch where it is not theirs to see."""
    stands, found = asking.ask("keeping", call=call), asking.ask("recording", call=call)
    return show(
        "keeping.html", "keeping.title", live=False, status=status, call=stands["call"], stands=stands, found=found,
        sure=sure, problem=problem, said=said, reason=_reason(), typed=TYPED, longest=LONGEST)


def _reason() -> str:
    return request.form.get("reason", "").strip()[:LONGEST]
