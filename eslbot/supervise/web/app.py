"""Makes the web's application of its frame: who asks is known before a view is called, an error is answered in one way,
and every answer carries what keeps a browser from being turned against us. Knows the frame's parts, no page."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request

from eslbot.supervise.web import asking, language, problems
from eslbot.supervise.web.doors import doors
from eslbot.supervise.web.frame import Frame
from eslbot.supervise.web.proxy import Believed
from eslbot.supervise.web.turns import Turns

LONGEST_BODY = 64 * 1024
POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "media-src 'self' blob:",
    "connect-src 'self'", "font-src 'self'", "manifest-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
    "base-uri 'none'",
))
"""No script or style stands in a page; nothing comes from another host."""
HEADERS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",   # not `no-referrer`: a form's Origin would be null then
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def make_app(parts: Frame) -> Flask:
    """A WSGI application. Its views run in the connection's greenlet and may wait."""
    app = Flask("eslbot.supervise.web", static_url_path="/static")
    app.config.update(
        MAX_CONTENT_LENGTH=LONGEST_BODY, MAX_FORM_MEMORY_SIZE=LONGEST_BODY, MAX_FORM_PARTS=100,
        TRUSTED_HOSTS=list(parts.options.hosts) or None, SEND_FILE_MAX_AGE_DEFAULT=None, PROPAGATE_EXCEPTIONS=False,
    )
    app.extensions["eslbot"] = parts
    app.jinja_env.trim_blocks = True
    asking.install(app)
    language.install(app)
    problems.install(app)
    app.after_request(_shield)
    app.register_blueprint(doors)
    for blueprint in parts.blueprints:
        app.register_blueprint(blueprint)
    options = parts.options
    within = Turns(
        app.wsgi_app, parts.accounts.remembers, parts.refused, options.strangers_within, options.pages_within)
    app.wsgi_app = _plain(Believed(within, options.proxies))  # type: ignore[method-assign]
    return app


def _shield(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.endpoint != "static":
        answer.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return answer


def _plain(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """A body whose length is not said is not taken: what limits it counts by the length. Nor is a query of bytes that
    are no text: whichever view looked at it would fail."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        refused = ""
        if environ.get("HTTP_TRANSFER_ENCODING"):
            refused = "411 Length Required"
        elif not _text(environ.get("QUERY_STRING", "")):
            refused = "400 Bad Request"
        if refused:
            start_response(refused, [("Content-Length", "0"), ("Connection", "close")])
            return []
        return application(environ, start_response)

    return guarded


def _text(query: str) -> bool:
    """Whether a string of WSGI's, each character a byte, is UTF-8."""
    try:
        query.encode("latin-1").decode()
    except UnicodeError:
        return False
    return True
