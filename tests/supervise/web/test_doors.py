"""Where a sign-in leads on to; the pages themselves are tried in test_app.py."""

from urllib.parse import urljoin, urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from eslbot.supervise.web.doors import inside

HERE = "https://bot.example/sign-in"


@given(st.text() | st.from_regex(r"[/\\:a-z?#@\t\n.]{0,12}", fullmatch=True))
@example("/\t/evil.example")
@example("/\\evil.example")
@example("///evil.example")
def test_whatever_a_link_says_it_stays_on_this_host(target):
    gone = inside(target)
    for sent in (gone, gone.replace("\\", "/").replace("\t", "").replace("\n", "")):   # as browsers read it
        assert urlsplit(urljoin(HERE, sent))[:2] == ("https", "bot.example")


def test_a_path_with_a_query_is_kept():
    assert inside("/calls/6f9619ff?part=2") == "/calls/6f9619ff?part=2"
