from datetime import date

from eslbot.judge.inforce import Pack, Slot, put_together
from eslbot.judge.rules import Rule
from eslbot.model.call import Role
from tests.judge.build import in_force

ANY = {"any": ["保本"]}


def rules(*names: str) -> tuple[Rule, ...]:
    return in_force(*({"id": name, **ANY} for name in names)).rules


def pack(name: str, *ids: str, version: str = "1", effective: str = "", review: str = "") -> Pack:
    days = [date.fromisoformat(day) if day else None for day in (effective, review)]
    return Pack(name, version, "zh", "", "", f"{name}.yaml", rules(*ids), *days)


DAY = date(2026, 11, 26)


def test_a_pack_is_not_in_force_before_its_day() -> None:
    packs = put_together([pack("a", "x"), pack("b", "y", effective="2026-12-01")], DAY)
    assert [rule.id for rule in packs.rules] == ["x"]
    assert [each.name for each in packs.loaded] == ["a", "b"]
    assert [rule.id for rule in packs.on(date(2026, 12, 1)).rules] == ["x", "y"]
    assert [rule.id for rule in packs.on(date(2026, 11, 30)).rules] == ["x"]


def test_without_a_day_every_pack_is_in_force() -> None:
    assert len(put_together([pack("a", "x", effective="2999-01-01")]).rules) == 1


def test_a_rule_is_replaced_when_the_pack_that_replaces_it_is_in_force() -> None:
    packs = put_together([pack("a", "x"), pack("b", "x", effective="2026-12-01")], DAY)
    assert packs.replaced == ()
    assert packs.on(date(2026, 12, 1)).replaced == (("x", "mine", "b"),)


def test_of_two_versions_of_a_pack_the_one_that_became_effective_last_is_in_force() -> None:
    old, new = pack("a", "x", version="1"), pack("a", "y", version="2", effective="2026-12-01")
    for order in ([old, new], [new, old]):
        packs = put_together(order, DAY)
        assert [each.version for each in packs.packs] == ["1"]
        assert [each.version for each in packs.on(date(2027, 1, 1)).packs] == ["2"]
        assert [rule.id for rule in packs.on(date(2027, 1, 1)).rules] == ["y"]


def test_on_a_day_on_which_nothing_changes_nothing_is_compiled_anew() -> None:
    packs = put_together([pack("a", "x"), pack("b", "y", effective="2026-12-01")], DAY)
    assert packs.on(date(2026, 11, 30)) is packs
    assert packs.on(date(2026, 12, 1)) is not packs


def test_the_next_day_on_which_something_changes_is_known() -> None:
    packs = put_together([pack("a", "x"), pack("b", "y", effective="2026-12-01")], DAY)
    assert packs.next_change(DAY) == date(2026, 12, 1)
    assert packs.next_change(date(2026, 12, 1)) is None


def test_a_review_is_due_from_its_day_on_for_packs_in_force() -> None:
    packs = put_together([
        pack("a", "x", review="2026-11-26"), pack("b", "y", review="2027-01-01"), pack("c", "z"),
        pack("d", "w", effective="2026-12-01", review="2026-11-01"),
    ], DAY)  # fmt: skip
    assert [each.name for each in packs.review_due(DAY)] == ["a"]
    assert packs.review_due(date(2026, 11, 25)) == ()


def test_every_thing_that_is_sought_knows_its_rule_and_what_it_is_to_it() -> None:
    packs = in_force(
        {"id": "timed", "near": {"words": ["甲", "乙"], "within": "8s"}, "unless": {"any": ["丙"], "says": "customer"}},
        {"id": "after", "require": {"after": {"any": ["丁"], "says": "either"}, "any": ["己"], "within": "9s"}},
        {"id": "loud", "acoustic": {"talk_over": "3s"}},
    )
    (compiled,) = packs.compiled
    assert [(use.rule.id, use.slot, use.part) for use in compiled.uses] == [
        ("timed", Slot.WORDS, 0), ("timed", Slot.WORDS, 1), ("timed", Slot.EXCUSE, 0),
        ("after", Slot.WORDS, 0), ("after", Slot.REQUIRED, 0),
    ]  # fmt: skip
    assert compiled.wanted(Role.AGENT, roles_known=True) == (0, 1, 3, 4)
    assert compiled.wanted(Role.CUSTOMER, roles_known=True) == (2, 3)
    assert compiled.wanted(Role.CUSTOMER, roles_known=False) == (3,)
