import pytest

from eslbot.doctor.verdicts.prompts import PromptSeen, judge

THERE = PromptSeen("a", "/p/a.wav", there=True)


@pytest.mark.parametrize(
    ("seen", "levels"),
    [
        ([THERE], ["ok"]),
        ([THERE, PromptSeen("b", "/p/b.wav", there=False)], ["error"]),
        ([THERE, PromptSeen("b", "/p q/b.wav", sayable=False)], ["error"]),
        ([THERE, PromptSeen("b", "/p/b.wav")], ["hint"]),
        ([PromptSeen(name, f"/p/{name}.wav", there=True, barred="/p (0700, uid 0, gid 0)") for name in "ab"],
         ["error"]),
    ],
)
def test_prompts_gone_unspeakable_barred_or_unknown(seen, levels) -> None:
    assert [one.level.value for one in judge(seen, "pbx", "freeswitch")] == levels
