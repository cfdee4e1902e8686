"""The scales compare and spell themselves as packs do."""

from eslbot.model.call import Confirm, Severity


def test_scales_compare_by_weight() -> None:
    assert Severity.NOTICE < Severity.WARNING < Severity.SEVERE
    assert Confirm.PARTIAL < Confirm.AGREED < Confirm.FINAL
    assert max(Confirm.PARTIAL, Confirm.AGREED) is Confirm.AGREED


def test_labels_are_the_words_of_packs() -> None:
    assert [s.label for s in Severity] == ["notice", "warning", "severe"]
    assert [c.label for c in Confirm] == ["partial", "agreed", "final"]
