"""The pages for coming in and going out: sign in, sign out, change the password, choose the language. Knows accounts;
what else there is to see is the console's."""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request

from eslbot.supervise import known, secrets
from eslbot.supervise.accounts import NotLetIn, TooMany
from eslbot.supervise.passwords import Weak
from eslbot.supervise.web import asking, language
from eslbot.supervise.web.frame import frame
from eslbot.supervise.web.refusals import told

doors = Blueprint("doors", __name__)
PAGE = "/sign-in"
KNOWN = 180 * 86400
"""Seconds for which a browser that somebody has signed in with is known again."""


def _before() -> str:
    """The cookie that the sign-in's own form token hangs on: it is nobody's, and lets nobody in."""
    return f"{asking.cookie_name()}-form"


@doors.get(PAGE)
def sign_in_page() -> Response:
    """`language=` chooses one for this browser: there is no account yet to keep it with."""
    if (chosen := request.args.get("language", "")) in language.LANGUAGES:
        answer = make_response(redirect(f"{PAGE}?{urlencode({'next': inside(request.args.get('next', ''))})}", 303))
        language.remember(answer, chosen)
        return answer
    return _page("ended" if "ended" in request.args else "", 200)


@doors.post(PAGE)
def sign_in() -> Response:
    """A new session, whatever cookie was there before."""
    asking.check_form(request.cookies.get(_before(), ""))
    name, password = request.form.get("name", ""), request.form.get("password", "")
    proofs = known.held(request.cookies.get(asking.known_cookie(), ""))
    try:
        secret = _tried(name, password, proofs)
    except NotLetIn:
        return _page("wrong", 403)
    except TooMany as error:
        frame().refused("attempts")
        answer = _page("too-many", 429, seconds=round(error.seconds))
        answer.headers["Retry-After"] = str(round(error.seconds))
        return answer
    answer = make_response(redirect(inside(request.form.get("next", "")), 303))
    asking.set_cookie(answer, secret)
    answer.delete_cookie(_before(), secure=request.is_secure, httponly=True, samesite="Strict", path="/")
    _remember(answer, name, proofs)
    if g.session is not None:   # signed in anew: the old one ends
        frame().accounts.sign_out(g.session)
    return answer


def _remember(answer: Response, name: str, proofs: Sequence[str]) -> None:
    """That somebody has signed in with this browser."""
    answer.set_cookie(
        asking.known_cookie(), known.keeping(frame().accounts.proof(name), proofs), max_age=KNOWN,
        secure=request.is_secure, httponly=True, samesite="Strict", path="/")


def _tried(name: str, password: str, proofs: Sequence[str]) -> str:
    """The session's secret. One try at a time of an address: the next one knows what came of it, and whoever sends
    many at once has no more than one in the line of hashing. Raises NotLetIn, TooMany."""
    wrong, place = frame().options.wrong_per_minute, asking.place()
    with asking.brakes().turn("sign-in", place):
        if not frame().accounts.knows(name, proofs):   # a stranger behind the same proxy keeps nobody out
            asking.brakes().look(wrong, "wrong", place)
        try:
            return frame().accounts.sign_in(name, password, asking.address(), proofs)
        except NotLetIn:
            asking.brakes().count(wrong, "wrong", place)
            raise


@doors.post("/sign-out")
def sign_out() -> Response:
    session = asking.session()
    if session is not None:
        frame().accounts.sign_out(session)
    answer = make_response(redirect(PAGE, 303))
    asking.drop_cookie(answer)
    answer.headers["Clear-Site-Data"] = '"cache"'   # not "storage": sound and keys are this desk's, and no secret
    return answer


@doors.route("/password", methods=["GET", "POST"])
@asking.needs()
def password() -> Response:
    """Change one's own."""
    session = asking.session()
    if session is None:   # by a token
        raise asking.Unknown
    if request.method == "GET":
        return _password_page(session.must_change, "", 200)
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    try:
        if new != again:
            raise Weak("the two are not the same")
        secret = frame().accounts.change_password(session, old, new, asking.address())
    except Weak as error:
        return _password_page(session.must_change, told(language.language(), str(error), 400), 400)
    except NotLetIn:
        return _password_page(session.must_change, "wrong", 403)
    answer = make_response(redirect("/", 303))
    asking.set_cookie(answer, secret)
    _remember(answer, session.person.name, known.held(request.cookies.get(asking.known_cookie(), "")))
    return answer


@doors.post("/language")
def choose() -> Response:
    """Keep it with the account, and in a cookie for the page of signing in."""
    chosen, session = request.form.get("language", ""), asking.session()
    if session is not None and chosen in language.LANGUAGES:
        frame().accounts.choose_language(session, chosen)
    answer = make_response(redirect(inside(request.form.get("next", "")), 303))
    language.remember(answer, chosen)
    return answer


def inside(target: str) -> str:
    """A path of ours to go on to: never another host, whatever a link says."""
    try:
        parts = urlsplit(target)
    except ValueError:   # brackets that are no address
        return "/"
    plain = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if plain and not parts.scheme and not parts.netloc else "/"


def _page(problem: str, status: int, seconds: int = 0) -> Response:
    before = request.cookies.get(_before(), "") or secrets.new_session()
    page = render_template(
        "sign_in.html", problem=problem, seconds=seconds, token=secrets.form_token(before),
        next=inside(request.values.get("next", "")), name=request.form.get("name", ""),
    )
    answer = make_response(page, status)
    answer.set_cookie(_before(), before, max_age=asking.HALF_DAY, secure=request.is_secure, httponly=True,
                      samesite="Strict", path="/")
    return answer


def _password_page(forced: bool, problem: str, status: int) -> Response:
    return make_response(render_template("password.html", forced=forced, problem=problem), status)
