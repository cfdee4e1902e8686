"""The timeline's lines."""

import io

from rich.console import Console

from eslbot.cli.demo_timeline import Timeline, readable
from eslbot.model import facts, orders
from eslbot.model.call import CallId, Confirm, LegId, Role, Severity
from eslbot.model.judgement import Hit, Law, Verdict
from eslbot.model.words import Hypothesis

CALL = CallId("c")
VERDICT = Verdict("rule", "a title", "pack", "1", Severity.SEVERE, Confirm.AGREED, (), (Law("a law", "P"),))


def shown(*happened: object) -> list[str]:
    """The lines, after the call's first."""
    out = io.StringIO()
    timeline = Timeline(Console(file=out, width=200, highlight=False), lambda: 5.0)
    timeline.entitle("c", "a call")
    for one in happened:
        if isinstance(one, Hypothesis):
            timeline.hear(one)
        else:
            timeline.follow(one, None)
    return [" ".join(line.split()) for line in out.getvalue().splitlines()][1:]


def violated(confirm: Confirm, utterance: int = 0) -> facts.Violated:
    return facts.Violated(CALL, 0.0, Hit(CALL, Role.AGENT, utterance, "rule", 0), VERDICT, confirm, 0, 1, 1)


def test_a_violation_is_shown_when_it_is_suspected_and_when_it_is_sure() -> None:
    lines = shown(*(violated(confirm) for confirm in (Confirm.PARTIAL, Confirm.PARTIAL, Confirm.AGREED, Confirm.FINAL)))
    assert lines == [
        "0.0 a call suspected severe: a title [rule, pack 1; a law (P)]",
        "0.0 a call violation severe: a title [rule, pack 1; a law (P)]",
    ]


def test_what_was_not_said_is_called_so() -> None:
    assert "not said: a title" in shown(violated(Confirm.FINAL, -1))[0]


def test_only_final_words_are_shown_and_markup_in_them_is_text() -> None:
    partial, final = (Hypothesis(CALL, Role.AGENT, 0, "[bold]a[/bold]\nb", done, 0, 1, 1) for done in (False, True))
    assert shown(partial, final) == ["0.0 a call agent [bold]a[/bold] b"]


def test_orders_are_shown_as_what_people_notice() -> None:
    leg = LegId("l")
    lines = shown(
        orders.Mute("1", CALL, leg, 3.0, "g"), orders.Unmute("2", CALL, leg, "g"), orders.Remind("3", CALL, leg, "p"),
        orders.SetTimer("4", CALL, "t", None), orders.BookClosing("5", CALL, "played", 1.0, 2.0),
    )  # fmt: skip
    assert [line.split()[3] for line in lines] == ["muted", "unmuted", "reminder", "closing"]


def test_other_calls_are_not_shown() -> None:
    assert shown(facts.Parted(CallId("another"), 0.0)) == []


def test_spaces_between_chinese_words_are_taken_out_and_others_stay() -> None:
    assert readable("您好 我 是 ABC 公司") == "您好我是 ABC 公司"
    assert readable("a b") == "a b"
