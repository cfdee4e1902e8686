"""Who is asking, and whether they may: a Person for each request, from the session's cookie or a token; the form token
that shows that a page of ours made the request; how often one may ask. Knows accounts; knows no page.

For a page's author: `@needs(Permission.SEE)` before a view, `current()` in it, `ask("calls")` to have a handler answer
as that person, `{{ csrf() }}` in a template's hidden field `csrf` (or a fetch's header X-CSRF-Token), and
`streaming()` with `still_here()` where an answer goes on."""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, current_app, g, request

from eslbot.supervise import secrets
from eslbot.supervise.access import Denied, Permission, Person
from eslbot.supervise.accounts import SignedIn
from eslbot.supervise.web.brakes import Brakes
from eslbot.supervise.web.frame import frame
from eslbot.supervise.wire import Refused

P = ParamSpec("P")
T = TypeVar("T")
HEADER, FIELD = "X-CSRF-Token", "csrf"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BEFORE_CHANGE = frozenset({"doors.password", "doors.sign_out", "doors.choose", "static"})
"""Endpoints for whoever has yet to change their password."""
HALF_DAY = 12 * 3600


class Unknown(Exception):
    """Nobody has signed in, and this is for somebody."""


class Forged(Denied):
    """The request was not made by a page of ours."""


class MustChange(Denied):
    """The password was set by somebody else."""


def brakes() -> Brakes:
    found = current_app.extensions["eslbot-brakes"]
    assert isinstance(found, Brakes)
    return found


# --- for pages ---------------------------------------------------------------------------------------------------
def someone() -> Person | None:
    """Who asks; None: nobody who has signed in."""
    person: Person | None = g.get("person")
    return person


def current() -> Person:
    """Who asks. Raises Unknown."""
    person = someone()
    if person is None:
        raise Unknown
    return person


def session() -> SignedIn | None:
    """Of who came by a browser."""
    found: SignedIn | None = g.get("session")
    return found


def needs(*permissions: Permission) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A view that is for whoever may do one of these; none named: for whoever has signed in."""

    def guard(view: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            person = current()
            if permissions:
                person.needs(*permissions)
            return view(*args, **kwargs)

        return guarded

    return guard


def ask(verb: str, **args: Any) -> dict[str, Any]:
    """What the handler of that verb answers to who asks. Raises Refused (Denied, NoSuch), Unknown."""
    handler = frame().handlers.get(verb)
    if handler is None:
        raise Refused(f"there is no verb {verb!r} here")
    return handler(args, current())


def csrf() -> str:
    """The token of this browser's forms."""
    return secrets.form_token(g.secret) if g.get("secret") else ""


def streaming(write_within: float = 10.0) -> bool:
    """Let this answer go on for as long as its generator does, each piece of it being taken within so many seconds.
    False: too many go on already, of all or of this person, and 503 is the answer."""
    let: Callable[[float, str], bool] | None = request.environ.get("eslbot.stream")
    if let is None or let(write_within, current().name):
        return True
    frame().refused("live")
    return False


def still_here() -> Callable[[], bool]:
    """For an answer that goes on, to be called now and then from its generator: whether who asked is signed in yet, and
    may still do what they might. Of all such answers the store is read once a second."""
    accounts, person, secret = frame().accounts, current(), g.secret

    def here() -> bool:
        if person.via == "token":
            return accounts.token(secret, goes_on=True) == person
        found = accounts.session(secret, goes_on=True)
        return found is not None and found.person == person

    return here


# --- for the frame -----------------------------------------------------------------------------------------------
def install(app: Flask) -> None:
    """Before each request."""
    app.extensions["eslbot-brakes"] = Brakes()
    app.before_request(_identify)
    app.jinja_env.globals["csrf"] = csrf
    app.jinja_env.globals["someone"] = someone


def cookie_name() -> str:
    """`__Host-` is taken from its own host, over TLS, alone; without TLS a browser would not keep it."""
    return "__Host-eslbot" if request.is_secure else "eslbot"


def set_cookie(answer: Response, secret: str) -> None:
    answer.set_cookie(cookie_name(), secret, max_age=HALF_DAY * 2, secure=request.is_secure, httponly=True,
                      samesite="Strict", path="/")


def known_cookie() -> str:
    """What this browser keeps of those who signed in with it; it lets nobody in."""
    return f"{cookie_name()}-known"


def drop_cookie(answer: Response) -> None:
    answer.delete_cookie(cookie_name(), secure=request.is_secure, httponly=True, samesite="Strict", path="/")


def address() -> str:
    return request.remote_addr or "unknown"


def place() -> str:
    """What is counted as one address: of IPv6 the network of one customer, who has 2^64 of them."""
    try:
        found = ipaddress.ip_address(address().partition("%")[0])
    except ValueError:
        return address()
    if isinstance(found, ipaddress.IPv4Address) or found.ipv4_mapped is not None:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _identify() -> None:
    g.person = g.session = None
    g.secret = ""
    if request.endpoint == "static":
        return
    options, bearer, accounts = frame().options, request.headers.get("Authorization", ""), frame().accounts
    if bearer:
        kind, _, secret = bearer.partition(" ")
        brakes().look(options.wrong_per_minute, "wrong", place())
        g.person = accounts.token(secret.strip()) if kind.lower() == "bearer" else None
        g.secret = secret.strip()
        if g.person is None:
            brakes().count(options.wrong_per_minute, "wrong", place())
            raise Unknown
    elif cookie := request.cookies.get(cookie_name(), ""):
        if not accounts.remembers(cookie):   # to look a made-up one up costs more than to refuse it
            brakes().look(options.strangers_per_minute, "stranger", place())
        g.session = accounts.session(cookie)
        if g.session is not None:
            g.person, g.secret = g.session.person, cookie
    if g.person is None:
        brakes().take(options.strangers_per_minute, "stranger", place())
    else:
        brakes().take(options.requests_per_minute, "person", g.person.name)
        request.environ.get("eslbot.known", bool)()   # the connection is one to keep
    if g.person is None and request.method not in SAFE and request.path.startswith("/api/"):
        raise Unknown   # a program that forgot its token sent no form
    if not bearer:
        if request.method not in SAFE and request.endpoint != "doors.sign_in":   # which has a token of its own
            check_form(g.secret)
        if g.session is not None and g.session.must_change and request.endpoint not in BEFORE_CHANGE:
            raise MustChange("the password has to be changed first")


def check_form(secret: str) -> None:
    """Raises Forged unless the request brings the form token of that cookie, from our own page."""
    site, origin = request.headers.get("Sec-Fetch-Site", "same-origin"), request.headers.get("Origin")
    if site != "same-origin" or (origin is not None and origin != f"{request.scheme}://{request.host}"):
        raise Forged("this request comes from another site")
    given = request.headers.get(HEADER) or (request.form.get(FIELD, "") if request.form else "")
    if not secret or not secrets.same_form(secret, given):
        raise Forged("this form is out of date: load the page again")
