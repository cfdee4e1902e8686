from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from eslbot.model import facts, orders
from eslbot.model.call import CallId, Confirm, LegId, Role, Severity
from eslbot.model.judgement import Disclosure, Hit, Verdict
from eslbot.model.words import Hypothesis
from eslbot.watch.metrics import ACTS, Metrics, Readings

CALL = CallId("11111111-2222-4333-8444-555555555555")
LEG = LegId(CALL)
VERDICT = Verdict("guaranteed-return", "promise", "p", "1", Severity.SEVERE, Confirm.AGREED, ())


def hit(ordinal=0, rule="guaranteed-return"):
    return Hit(CALL, Role.AGENT, 0, rule, ordinal)


def violated(confirm, ordinal=0):
    return facts.Violated(CALL, 1.0, hit(ordinal), VERDICT, confirm, 0, 100, 100)


class Page:
    """A registry, its metrics, and their samples by name and labels."""

    def __init__(self, readings=None):
        self.registry = CollectorRegistry()
        self.metrics = Metrics(self.registry, ["pbx1"], {"guaranteed-return": "severe"}, readings)

    def __call__(self, name, **labels):
        return self.registry.get_sample_value(f"eslbot_{name}", labels)


def test_a_hit_counts_once_however_often_it_becomes_surer():
    page = Page()
    for confirm in (Confirm.PARTIAL, Confirm.AGREED, Confirm.FINAL):
        page.metrics.observe(violated(confirm))
    page.metrics.observe(violated(Confirm.PARTIAL, ordinal=1))
    assert page("hits_total", rule="guaranteed-return", severity="severe") == 2


def test_rules_that_never_matched_show_as_zero():
    assert Page()("hits_total", rule="guaranteed-return", severity="severe") == 0


def test_a_link_is_down_until_it_stands_and_its_losses_count():
    page = Page()
    assert page("link_up", switch="pbx1") == 0
    page.metrics.observe(facts.SwitchUp("pbx1", 1.0, "core"))
    assert page("link_up", switch="pbx1") == 1
    page.metrics.observe(facts.SwitchDown("pbx1", 2.0, "EOF"))
    assert page("link_up", switch="pbx1") == 0
    assert page("link_losses_total", switch="pbx1") == 1


def test_lost_audio_is_counted_in_seconds_of_the_calls_own_clock():
    page = Page()
    page.metrics.observe(facts.AudioLost(CALL, 1.0, 8000, 20000, 8000, "recogniser"))
    assert page("recognition_gap_seconds_total") == 1.5
    assert page("gaps_total", reason="recogniser") == 1


def test_only_final_words_count():
    page = Page()
    page.metrics.heard(Hypothesis(CALL, Role.AGENT, 0, "稳 赚", False, 0, 1, 1))
    page.metrics.heard(Hypothesis(CALL, Role.AGENT, 0, "稳 赚 不赔", True, 0, 1, 1))
    page.metrics.heard(Hypothesis(CALL, Role.AGENT, 1, "", True, 0, 1, 1))
    assert page("words_total", role="agent") == 3


def test_each_act_counts_by_what_became_of_it_and_withheld_ones_too():
    page = Page()
    page.metrics.performed(orders.Mute("1", CALL, LEG, 3.0, "g"), ("done", ""))
    page.metrics.performed(orders.Mute("2", CALL, LEG, 3.0, "g"), ("failed", "-ERR"))
    page.metrics.performed(orders.BookAct("3", CALL, "mute", "shadow", "guaranteed-return"), ("done", ""))
    page.metrics.performed(orders.Listen("4", CALL, LEG, "pbx1", 8000, True), ("done", ""))
    assert page("acts_total", act="mute", outcome="done") == 1
    assert page("acts_total", act="mute", outcome="failed") == 1
    assert page("acts_total", act="mute", outcome="shadow") == 1


def test_every_verb_a_rule_may_ask_for_is_an_act_of_the_metric():
    from eslbot.model.judgement import Act

    asked = {Act.SUPERVISOR}  # as an alert, which is counted as one
    assert {act.value for act in set(Act) - asked} <= set(ACTS.values())


def test_calls_closings_recordings_and_disclosures_count_by_outcome():
    page = Page()
    page.metrics.performed(orders.BookCall("1", CALL, "completed", 1.0, 2.0, True), None)
    page.metrics.performed(orders.BookClosing("2", CALL, "played", 1.0, 2.0), None)
    page.metrics.observe(facts.AudioEnded(CALL, 1.0, 100, "partial"))
    page.metrics.observe(facts.DisclosureChanged(CALL, 1.0, "guaranteed-return", Disclosure.MISSING, 5))
    page.metrics.observe(facts.DisclosureChanged(CALL, 1.0, "guaranteed-return", Disclosure.PENDING, 5))
    page.metrics.observe(facts.Retracted(CALL, 1.0, hit(), VERDICT))
    assert page("calls_total", outcome="completed") == 1
    assert page("closings_total", outcome="played") == 1
    assert page("recordings_total", state="partial") == 1
    assert page("disclosures_total", rule="guaranteed-return", state="missing") == 1
    assert page("disclosures_total", rule="guaranteed-return", state="pending") is None
    assert page("retractions_total", rule="guaranteed-return") == 1


def test_readings_are_taken_when_somebody_looks():
    calls = [0]
    queues, refusals = {"webhook": 3}, {"full": 4}
    page = Page(Readings(
        lambda: calls[0], lambda: {"ready": 2}, lambda: 640, lambda: 7, lambda: queues, lambda: refusals,
        lambda: {"live-pages": 8}, lambda: {"strangers": 9}, lambda: (4, 1),
    ))  # fmt: skip
    calls[0] = 5
    assert page("calls_active") == 5
    assert page("workers", state="ready") == 2
    assert page("spool_bytes") == 640
    assert page("queue_length", queue="webhook") == 3
    assert (page("appeals_open"), page("appeals_overdue")) == (4, 1)
    assert page("fork_refused_total", reason="full") == 4
    assert page("web", what="live-pages") == 8
    assert page("web_refused_total", reason="strangers") == 9


def test_latencies_are_histograms_in_seconds():
    page = Page()
    page.metrics.hit_latency(0.03)
    page.metrics.word_latency(0.3)
    page.metrics.act_latency("mute", 0.09)
    page.metrics.hub_late(0.003)
    assert page("hub_lag_seconds_bucket", le="0.005") == 1
    assert page("hit_latency_seconds_bucket", le="0.03") == 1
    assert page("hit_latency_seconds_bucket", le="0.02") == 0
    assert page("word_latency_seconds_sum") == 0.3
    assert page("act_latency_seconds_bucket", act="mute", le="0.1") == 1


def test_what_strangers_send_never_becomes_a_label():
    page = Page()
    number = "13800138000"
    page.metrics.observe(facts.SwitchUp(number, 1.0, "core"))
    page.metrics.observe(facts.AudioLost(CALL, 1.0, 0, 8, 8000, number))
    page.metrics.observe(facts.AudioEnded(CALL, 1.0, 1, number))
    page.metrics.observe(facts.DisclosureChanged(CALL, 1.0, number, Disclosure.SAID, 5))
    page.metrics.performed(orders.BookCall("1", CALL, number, 1.0, 2.0, True), None)
    page.metrics.performed(orders.BookAct("1", CALL, number, number, number), None)
    page.metrics.alerted(number, number)
    page.metrics.act_latency(number, 1.0)
    page.metrics.delivered(number)
    for where in (number, f"Mute of call {CALL}", CALL, f"call {CALL}", "abcdefab-1234", ""):
        page.metrics.trouble(where)
    text = generate_latest(page.registry).decode()
    assert number not in text
    assert CALL[:8] not in text
    assert "abcdefab" not in text
    assert page("troubles_total", where="Mute") == 1
    assert page("troubles_total", where="call") == 1
    assert page("troubles_total", where="other") == 4


def test_a_long_lived_service_does_not_remember_every_hit():
    page = Page()
    for ordinal in range(25_000):
        page.metrics.observe(violated(Confirm.PARTIAL, ordinal))
    assert page("hits_total", rule="guaranteed-return", severity="severe") == 25_000
    page.metrics.observe(violated(Confirm.FINAL, 24_999))
    assert page("hits_total", rule="guaranteed-return", severity="severe") == 25_000
    assert len(page.metrics._hits) <= 20_000


def test_counters_whose_labels_are_known_begin_at_zero_so_that_the_first_is_an_increase():
    page = Page()
    assert page("recordings_total", state="partial") == 0
    assert page("acts_total", act="mute", outcome="failed") == 0
    assert page("alerts_total", kind="recording-missing", severity="severe") == 0
    assert page("gaps_total", reason="shed") == 0
    assert page("closings_total", outcome="failed") == 0
    assert page("link_losses_total", switch="pbx1") == 0


def test_reloads_are_counted_and_the_rules_of_the_new_packs_have_series_of_their_own() -> None:
    registry = CollectorRegistry()
    metrics = Metrics(registry, rules={"old": "severe"})
    metrics.reloaded("done")
    metrics.reloaded("failed")
    metrics.reloaded("else")
    for result, count in (("done", 1.0), ("failed", 1.0), ("other", 1.0)):
        assert registry.get_sample_value("eslbot_packs_reload_total", {"result": result}) == count
    metrics.rules({"new": "warning"})
    for rule, severity in (("old", "severe"), ("new", "warning")):
        assert registry.get_sample_value("eslbot_hits_total", {"rule": rule, "severity": severity}) == 0.0


def test_the_next_review_of_each_pack_in_force_is_shown_and_no_others() -> None:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.reviews({"a": 5.0, "b": 6.0})
    metrics.reviews({"b": 7.0})
    at = {pack: registry.get_sample_value("eslbot_pack_review_timestamp_seconds", {"pack": pack}) for pack in "ab"}
    assert at == {"a": None, "b": 7.0}
