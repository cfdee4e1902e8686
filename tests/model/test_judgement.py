"""A hit's key is its identity."""

from eslbot.model.call import Role
from tests.words import CALL, hit


def test_the_key_tells_hits_apart_and_is_the_same_for_the_same() -> None:
    keys = {hit("a", u, o, role).key for u in (0, 1) for o in (0, 1) for role in (Role.AGENT, Role.CUSTOMER)}
    assert len(keys) == 8
    assert hit("a", 3, 1).key == f"{CALL}/agent/3/a/1"
