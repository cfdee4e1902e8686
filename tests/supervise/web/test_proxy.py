"""Who really asks."""

from ipaddress import ip_network

import pytest

from eslbot.supervise.web.proxy import Believed

CLAIMED = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7", "HTTP_X_FORWARDED_PROTO": "https",
           "HTTP_X_FORWARDED_HOST": "bot.example", "HTTP_X_REAL_IP": "203.0.113.9"}


def seen(address, proxies):
    """What the application sees of a request from `address` that makes claims."""
    found = {}

    def application(environ, start_response):
        found.update(environ)
        return []

    environ = {"REMOTE_ADDR": address, "wsgi.url_scheme": "http", "HTTP_HOST": "inside:8088", "SERVER_NAME": "inside",
               "SERVER_PORT": "8088", **CLAIMED}
    Believed(application, [ip_network(one) for one in proxies])(environ, None)
    return found


@pytest.mark.parametrize("address", ["10.0.0.7", "::ffff:10.0.0.7"])
def test_a_trusted_proxys_last_word_is_believed(address):
    found = seen(address, ["10.0.0.0/24"])
    assert (found["REMOTE_ADDR"], found["wsgi.url_scheme"], found["HTTP_HOST"]) == (
        "198.51.100.7", "https", "bot.example")


@pytest.mark.parametrize(("address", "proxies"), [("10.0.1.7", ["10.0.0.0/24"]), ("10.0.0.7", []), ("", ["::/0"])])
def test_what_anybody_else_claims_is_thrown_away(address, proxies):
    found = seen(address, proxies)
    assert (found["REMOTE_ADDR"], found["wsgi.url_scheme"], found["HTTP_HOST"]) == (address, "http", "inside:8088")
    assert not set(CLAIMED) & set(found)
