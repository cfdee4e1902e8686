"""Which language a page speaks: the account's own, else the one chosen in this browser before signing in, else the
browser's, else the installation's; and the few words of the frame's own pages. Knows no page."""

from collections.abc import Mapping

from flask import Flask, Response, g, has_request_context, request

from eslbot.supervise.web.frame import frame

LANGUAGES = ("zh", "en")
COOKIE = "eslbot-language"
YEAR = 365 * 86400

WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "title": "登录 eslbot", "name": "账号", "password": "密码", "sign-in": "登录",
        "wrong": "账号或密码不正确。", "too-many": "尝试次数过多，请稍后再试（秒）：",
        "change": "修改密码", "forced": "密码由他人设置，请先修改。", "old": "当前密码", "new": "新密码",
        "again": "再次输入新密码", "save": "保存", "sign-out": "退出登录", "problem": "无法完成", "back": "返回",
        "rule": "至少 10 个字符。", "other": "English", "ended": "登录已到期，请重新登录。",
    },
    "en": {
        "title": "Sign in to eslbot", "name": "Account", "password": "Password", "sign-in": "Sign in",
        "wrong": "The name or the password is wrong.", "too-many": "Too many attempts. Seconds to wait: ",
        "change": "Change the password", "forced": "The password was set by somebody else: change it first.",
        "old": "Current password", "new": "New password", "again": "New password again", "save": "Save",
        "sign-out": "Sign out", "problem": "This could not be done", "back": "Back",
        "rule": "At least 10 characters.", "other": "中文",
        "ended": "Your session has ended. Sign in again to go on.",
    },
}
"""Of the frame's own pages, by key."""


def language() -> str:
    """zh or en, of the page that is made now."""
    if not has_request_context():
        return LANGUAGES[0]
    session = g.get("session")
    if session is not None and session.language in LANGUAGES:
        return str(session.language)
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or frame().options.language


def remember(answer: Response, chosen: str) -> None:
    """What the reader chose, for the pages before signing in."""
    if chosen in LANGUAGES:
        answer.set_cookie(COOKIE, chosen, max_age=YEAR, secure=request.is_secure, samesite="Lax", path="/")


def word(key: str) -> str:
    """In the page's language; the key itself where there is none."""
    return WORDS[language()].get(key, key)


def install(app: Flask) -> None:
    """`language()` and `word("name")` in templates."""
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["word"] = word
