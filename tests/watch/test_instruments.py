from prometheus_client import CollectorRegistry

from eslbot.watch.instruments import ALLOWED, OTHER, Instruments, one_of


def test_every_child_whose_labels_are_known_is_there_at_zero():
    registry = CollectorRegistry()
    Instruments(registry, ["pbx"], {"promise": "severe"})
    for act in ALLOWED["act"]:
        for outcome in ALLOWED["act_outcome"]:
            assert registry.get_sample_value("eslbot_acts_total", {"act": act, "outcome": outcome}) == 0
    assert registry.get_sample_value("eslbot_hits_total", {"rule": "promise", "severity": "severe"}) == 0
    assert registry.get_sample_value("eslbot_link_up", {"switch": "pbx"}) == 0


def test_what_is_none_of_a_kinds_values_is_other():
    assert one_of("gap", "shed") == "shed"
    assert one_of("gap", "13800138000") == OTHER
