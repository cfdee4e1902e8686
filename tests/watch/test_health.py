from eslbot.watch.health import Health


def test_ready_means_that_nothing_stands_in_the_way():
    assert Health({}).reasons() == {}
    assert Health({"link": lambda: None}).reasons() == {}


def test_every_reason_is_told():
    health = Health({"a": lambda: "link pbx1 is down", "b": lambda: None, "c": lambda: "loading"})
    assert health.reasons() == {"a": "link pbx1 is down", "c": "loading"}


def test_a_check_that_fails_is_a_reason_and_its_text_is_not_told():
    def check():
        raise ValueError("13800138000")

    assert Health({"recogniser": check}).reasons() == {"recogniser": "cannot be told (ValueError)"}


def test_checks_are_asked_each_time():
    state = ["loading"]
    health = Health({"recogniser": lambda: state[0]})
    assert health.reasons()
    state[0] = None
    assert health.reasons() == {}
