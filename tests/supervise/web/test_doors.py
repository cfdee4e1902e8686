"""Where a sign-in leads on to, and whom strangers can keep from signing in; the pages themselves are tried in
test_app.py."""

from urllib.parse import urljoin, urlsplit

import gevent
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eslbot.supervise import trying
from eslbot.supervise.web import WebOptions
from eslbot.supervise.web.doors import inside
from tests.supervise.web.rig import PASSWORD, WebRig

HERE = "https://bot.example/sign-in"


@given(st.text() | st.from_regex(r"[/\\:a-z?#@\t\n.]{0,12}", fullmatch=True))
@example("/\t/evil.example")
@example("/\\evil.example")
@example("///evil.example")
@example("//[")
@example("//\u2100")
def test_whatever_a_link_says_it_stays_on_this_host(target):
    gone = inside(target)
    for sent in (gone, gone.replace("\\", "/").replace("\t", "").replace("\n", "")):   # as browsers read it
        assert urlsplit(urljoin(HERE, sent))[:2] == ("https", "bot.example")


def test_a_path_with_a_query_is_kept():
    assert inside("/calls/6f9619ff?part=2") == "/calls/6f9619ff?part=2"


ATTACKER, OFFICE = {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "198.51.100.1"}


def browser(web, where):
    client = web.app.test_client()
    client.environ_base.update(where)
    return client


@pytest.mark.parametrize("sent", [{"next": "//["}, {"next": "//\u2100"}])
def test_a_link_that_is_no_address_leads_home(people, sent):
    assert people.app.test_client().get("/sign-in", query_string=sent).status_code == 200
    assert people.sign_in(people.app.test_client(), "lead", **sent).location == "/"


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [("bot.example", "http://[", 403), ("bot.example", "null", 403), ("bot.example", "http://bot.example.evil", 403),
     ("xn--zck4b.example", "http://xn--zck4b.example", 303), ("bot.example:8088", "http://bot.example:8088", 303),
     ("bot.example:8088", "http://bot.example", 403), ("bot.example", "https://bot.example", 403)],
)
def test_a_form_of_another_origin_is_refused_whatever_it_calls_itself(people, host, origin, status):
    client = people.app.test_client()
    client.environ_base["HTTP_HOST"] = host
    client.environ_base["HTTP_ORIGIN"] = origin
    page = client.get("/sign-in", base_url=f"http://{host}").get_data(as_text=True)
    form = {"csrf": page.partition('name="csrf" value="')[2][:64], "name": "lead", "password": PASSWORD}
    assert client.post("/sign-in", data=form, base_url=f"http://{host}").status_code == status


def test_a_stranger_who_knows_the_name_keeps_its_owner_out_of_no_browser_of_theirs(people, moment):
    mine = browser(people, OFFICE)
    assert people.sign_in(mine, "lead").status_code == 303
    mine.delete_cookie("eslbot")
    stranger = browser(people, ATTACKER)
    for _ in range(6):
        people.sign_in(stranger, "lead", "wrong")
    assert people.sign_in(browser(people, OFFICE), "lead").status_code == 429   # a browser that was never his
    assert people.sign_in(mine, "lead").status_code == 303
    known = mine.get_cookie("eslbot-known")
    assert known is not None
    assert (known.http_only, known.same_site, known.path) == (True, "Strict", "/")


def test_a_stranger_behind_the_same_proxy_keeps_nobody_out_of_a_browser_of_theirs(people):
    mine = browser(people, OFFICE)
    assert people.sign_in(mine, "lead").status_code == 303
    stranger = browser(people, OFFICE)
    answers = [people.sign_in(stranger, f"nobody{number}", "wrong").status_code for number in range(12)]
    assert answers[-1] == 429
    assert people.sign_in(browser(people, OFFICE), "lead").status_code == 429
    assert people.sign_in(mine, "lead").status_code == 303


def test_whoever_took_that_browser_has_as_few_guesses_as_anybody(people, moment):
    mine = browser(people, OFFICE)
    assert people.sign_in(mine, "lead").status_code == 303
    guesses = [people.sign_in(mine, "lead", "wrong").status_code for _ in range(7)]
    assert guesses == [403] * 5 + [429] * 2
    assert people.sign_in(mine, "lead").status_code == 429
    moment.now += 16.0
    assert people.sign_in(mine, "lead").status_code == 303


def test_many_tries_at_once_from_one_address_are_counted_one_by_one(tmp_path, monkeypatch):
    web = WebRig(tmp_path, options=WebOptions(wrong_per_minute=10))
    tried = []
    real = trying.Trying._check
    monkeypatch.setattr(trying.Trying, "_check", lambda self, *args: tried.append(args) or real(self, *args))
    clients = [browser(web, ATTACKER) for _ in range(60)]
    jobs = [gevent.spawn(web.sign_in, client, f"nobody{number}", "wrong") for number, client in enumerate(clients)]
    gevent.joinall(jobs, raise_error=True)
    assert sorted(job.value.status_code for job in jobs) == [403] * 10 + [429] * 50
    assert len(tried) == 10
    web.stop()
    assert web.failures == []


def test_where_too_many_stand_in_line_the_next_is_told_to_come_again(people, monkeypatch):
    monkeypatch.setattr(trying, "MOST_WAITING", 0)
    answer = people.sign_in(people.app.test_client(), "lead")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    monkeypatch.undo()
    assert people.sign_in(people.app.test_client(), "lead").status_code == 303


@pytest.mark.parametrize("name", ["le\x00ad", "lead\x1b", "\ud800", "x" * 5000])
def test_a_name_that_no_account_can_have_is_nobodys(people, name):
    answer = people.app.test_client()
    assert people.sign_in(answer, name.encode("utf-8", "replace").decode()).status_code == 403
