from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from eslbot.config.fields import (
    Address,
    FarPath,
    Listen,
    LocalPath,
    NameOrPath,
    StoreUrl,
    WebSocketUrl,
    WebUrl,
    is_loopback,
)


class Sample(BaseModel):
    listen: Listen | None = None
    path: LocalPath | None = None
    pack: NameOrPath | None = None
    ws: WebSocketUrl | None = None
    web: WebUrl | None = None
    store: StoreUrl | None = None
    far: FarPath | None = None


def value(field, given):
    return getattr(Sample.model_validate({field: given}, context={"base": Path("/base")}), field)


@given(st.integers(0, 65535))
def test_an_address_reads_back_as_it_is_written(port):
    for host in ("127.0.0.1", "::1", "bot.example"):
        assert value("listen", str(Address(host, port))) == Address(host, port)


def test_paths_count_from_the_base_or_from_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert value("path", "./a/b") == Path("/base/a/b")
    assert value("path", "/a") == Path("/a")
    assert value("path", "~/a") == Path("/home/somebody/a")
    assert value("path", "~no-such-user/a") == Path("/base/~no-such-user/a")


def test_a_name_stays_a_name_and_everything_else_is_a_path():
    assert value("pack", "cn-marketing") == "cn-marketing"
    assert value("pack", "my-pack.yaml") == "/base/my-pack.yaml"
    assert value("pack", "./cn-marketing") == "/base/cn-marketing"
    assert value("pack", "/etc/p.yaml") == "/etc/p.yaml"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("sqlite:///eslbot.db", "sqlite:////base/eslbot.db"),
        ("sqlite:///./d/eslbot.db?timeout=5", "sqlite:////base/d/eslbot.db?timeout=5"),
        ("sqlite:////var/lib/eslbot.db", "sqlite:////var/lib/eslbot.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://u@h/n", "postgresql+psycopg://u@h/n"),
    ],
)
def test_a_relative_database_file_counts_from_the_base(given, stored):
    assert value("store", given) == stored


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("listen", "127.0.0.1"), ("listen", "a:99999"), ("listen", "::1:80"), ("listen", 80), ("listen", ":80"),
        ("path", ""), ("path", "a\0b"), ("path", 3), ("pack", ""),
        ("ws", "http://a"), ("ws", "ws://"), ("ws", "ws://a:port"), ("web", "https://a b/"), ("web", "ftp://a"),
        ("web", "https://[::1"), ("web", 3), ("store", "eslbot.db"), ("store", 3),
        ("far", "relative"), ("far", "/a b"), ("far", "/a/${x}"), ("far", "/a\nb"), ("far", "/a'b"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused(field, given):
    with pytest.raises(ValidationError):
        value(field, given)


@pytest.mark.parametrize(
    ("host", "is_so"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True), ("localhost", True),
        ("LOCALHOST", True), ("10.0.0.1", False), ("0.0.0.0", False), ("localhost.example", False), ("", False),
        ("127.0.0.1.example", False),
    ],
)  # fmt: skip
def test_only_what_can_be_nothing_else_is_loopback(host, is_so):
    assert is_loopback(host) is is_so
