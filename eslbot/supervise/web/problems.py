"""What is answered where something is refused or went wrong: problem details (RFC 9457) to a program, a page to a
person, the sign-in to whoever is nobody yet. Knows the exceptions and their codes, no path."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from flask import Flask, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from eslbot.store.chain import Entry
from eslbot.store.engine import StoreProblem
from eslbot.supervise.access import Denied, Hidden, NoSuch
from eslbot.supervise.accounts import NotLetIn, TooMany
from eslbot.supervise.web import asking
from eslbot.supervise.web.frame import frame
from eslbot.supervise.web.language import language
from eslbot.supervise.web.refusals import told
from eslbot.supervise.wire import Refused

NOTED = 20
"""Refusals of one person in a minute that are audited."""
KIND = "application/problem+json"
STATUS: tuple[tuple[type[Exception], int], ...] = (
    (asking.Unknown, 401), (NotLetIn, 403), (TooMany, 429), (Denied, 403), (NoSuch, 404), (Refused, 409),
    (StoreProblem, 503),
)
"""The first that fits."""


def install(app: Flask) -> None:
    """Have every error answered here."""
    for kind, _ in STATUS:
        app.register_error_handler(kind, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _inside)


def problem(status: int, detail: str, **more: Any) -> Response:
    """Problem details, whoever asked. `type` is absent, so `about:blank`: the status says what kind it is."""
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return Response(orjson.dumps(body), status, content_type=KIND)


def _known(error: Exception) -> Response:
    status = next(code for kind, code in STATUS if isinstance(error, kind))
    if isinstance(error, Denied | Hidden) and not isinstance(error, asking.MustChange):
        _noted(error)
    if isinstance(error, asking.MustChange) and not _program() and request.method == "GET":
        return make_response(redirect("/password", 303))
    if status == 401:
        if not _program() and request.method == "GET":
            path = request.full_path.rstrip("?")
            answer = make_response(redirect("/sign-in", 303))
            if path != "/":
                answer.location = f"/sign-in?next={quote(path, safe='/')}"
            return answer
        answer = _answer(401, "sign in, or send a token: Authorization: Bearer ...")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    answer = _answer(status, str(error))
    if isinstance(error, TooMany):
        frame().refused("rate")
        answer.headers["Retry-After"] = str(round(error.seconds))
    return answer


def _noted(error: Denied | Hidden) -> None:
    """Who tries what they may not is a row of the audit: which view, and nothing that was sent. Some a minute, so that
    nobody fills it."""
    person = asking.someone()
    if person is not None and asking.brakes().count(NOTED, "refused", person.name):
        hidden = isinstance(error, Hidden)
        what = "not theirs to see" if hidden else "forged" if isinstance(error, asking.Forged) else "not allowed"
        call = error.call if isinstance(error, Hidden) else ""
        frame().accounts.note(Entry("refused", person.who, call, request.endpoint or "", detail=what))


def _http(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):  # another host's name: no page can be made of such a request
        return problem(400, "nobody of that name is served here")
    answer = _answer(error.code or 500, error.description or "")
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _inside(error: Exception) -> Response:
    frame().failed("http", error)
    return _answer(500, "the service failed to do this; its log says why")


def _program() -> bool:
    return request.path.startswith("/api/")


def _answer(status: int, detail: str) -> Response:
    if _program():
        return problem(status, detail)
    sentence = told(language(), detail, status)
    if request.accept_mimetypes.best == "application/json":   # a page's script
        return problem(status, sentence)
    return make_response(render_template("problem.html", detail=sentence), status)
