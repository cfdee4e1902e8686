"""What every page of the console is made with: its texts, menu, colours and files, and the data its scripts get. Knows
permissions and templates; no call."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from markupsafe import Markup

from eslbot.model.call import Severity
from eslbot.store.store import Store
from eslbot.supervise.access import Permission, Person
from eslbot.supervise.live.feed import Feed
from eslbot.supervise.web import asking, keys
from eslbot.supervise.web.frame import frame
from eslbot.supervise.web.language import language
from eslbot.supervise.web.sounds import Plays
from eslbot.supervise.web.texts import catalogue, text

EXTENSION = "eslbot-console"
THEMES = ("light", "dark")
THEME_COOKIE = "eslbot-theme"
ACTS = (
    (("mute", "m"), ("unmute", "u"), ("correct", "c")),
    (("listen", "l"), ("whisper", "w"), ("barge", "b"), ("takeover", "t"), ("leave", "x")),
    (("mask", "p"), ("unmask", "o")),
    (("hangup", "h"),),
)
"""Verbs that a call's page offers where the service has them, and their keys, in groups."""
FAVICONS = {"": "favicon.svg", "alert": "favicon-alert.svg", "lost": "favicon-lost.svg"}
"""A tab's sign, by what there is to tell."""
OF_MASKING = frozenset({"mask", "unmask"})


@dataclass(frozen=True, slots=True)
class Console:
    """What the pages ask of the service."""

    feed: Feed
    store: Store
    play: Plays | None = None
    """Opens recordings; None: this service has no key for that."""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """What each prompt says, by its name."""
    reasons: Sequence[str] = ()
    """Verbs that a reason is asked for."""
    waiting: Callable[[Person], int] = lambda person: 0
    """How many appeals wait for somebody who decides them."""


def console() -> Console:
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Console)
    return found


def install(blueprint: Blueprint, parts: Console) -> None:
    """The console's own words for templates, once the blueprint is registered."""

    def once(state: Any) -> None:
        state.app.extensions[EXTENSION] = parts
        state.app.jinja_env.globals.update(
            tr=tr, theme=theme, menu=menu, asset=asset, severity=severity, data_block=data_block,
                appeals_waiting=appeals_waiting)

    blueprint.record_once(once)


def tr(key: str, **values: Any) -> str:
    """A text in the page's language. Jinja escapes it with what was put in."""
    return text(language(), key, **values)


def theme() -> str:
    """`light` or `dark`, where one was chosen; else empty, and the system's is taken."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((files("eslbot.supervise.web") / "static" / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a file of ours, another one when it changes."""
    return url_for("static", filename=name, v=_digest(name))


def severity(weight: int) -> Markup:
    """A severity's shape and word."""
    return Markup(
        '<span class="sev sev-{0}"><svg class="icon" aria-hidden="true"><use href="{1}#sev-{0}"/></svg>{2}</span>'
    ).format(weight, asset("icons.svg"), tr(f"severity.{weight}"))


def weight_of(severity_: str) -> int:
    """1 to 3; 2 for what is none of ours."""
    return int(Severity.__members__.get(severity_.upper(), Severity.WARNING))


def menu() -> list[tuple[str, str, bool]]:
    """(address, text's key, whether it is theirs)."""
    person = asking.current()
    return [
        ("/", "nav.wall", person.may(Permission.SEE)), ("/mine", "nav.mine", person.may(Permission.OWN)),
        ("/alerts", "nav.alerts", person.may(Permission.SEE)),
        ("/appeals", "nav.appeals", person.may(Permission.APPEALS)),
        ("/recordings", "nav.recordings", person.may(Permission.LIST)), ("/help", "nav.help", True),
    ]


def appeals_waiting() -> int:
    """How many appeals wait for the reader's decision."""
    return console().waiting(asking.current())


def data_block(data: Any) -> Markup:
    """JSON for a script element that no browser runs; nothing in it can end the element."""
    raw = orjson.dumps(data).decode()
    for char in "<>&\u2028\u2029":
        raw = raw.replace(char, f"\\u{ord(char):04x}")
    return Markup(raw)


def may_of(person: Person) -> dict[str, bool]:
    """What scripts have to know of it; the service asks again."""
    return {
        "see": person.may(Permission.SEE), "act": person.may(Permission.ACT), "mask": person.may(Permission.MASK),
        "alerts": person.may(Permission.ALERTS), "list": person.may(Permission.LIST),
        "play": person.may(Permission.PLAY), "appeals": person.may(Permission.APPEALS),
    }


def verbs(person: Person) -> list[list[tuple[str, str]]]:
    """The acts that a page offers them, in groups."""
    handlers, may = frame().handlers, may_of(person)
    groups = [
        [(verb, key) for verb, key in group if verb in handlers and may["mask" if verb in OF_MASKING else "act"]]
        for group in ACTS
    ]
    return [group for group in groups if group]


def show(template: str, key: str, here: str = "", live: bool = True, status: int = 200, **more: Any) -> Response:
    """A page. `key`: of its heading; `more`: for the template, but `data`, which its scripts get."""
    person, parts = asking.current(), console()
    data: dict[str, Any] = {
        "language": "zh-CN" if language() == "zh" else "en", "texts": catalogue(language()), "csrf": asking.csrf(),
        "icons": asset("icons.svg"), "favicons": {how: asset(name) for how, name in FAVICONS.items()},
        "keys": keys.groups(person, verbs(person)), "may": may_of(person), "me": person.who, "number": person.number,
        "reasons": list(parts.reasons), "prompts": sorted((name, said) for name, said in parts.prompts.items()),
        "live": live and (person.may(Permission.SEE) or person.may(Permission.OWN)), "focus": None, "mine": False,
    } | more.pop("data", {})
    heading = more.pop("heading", None) or tr(key)
    return make_response(render_template(template, heading=heading, page=data, here=here, **more), status)
