"""A reminder as a text: to the agent's phone, outside of the call, after the prompt."""

from typing import Any

from eslbot.model.orders import Remind
from tests.service.people.test_supervising import Scene


class Overheard:
    """Whatever event is fired on the switch."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def offer(self, event: dict[str, Any]) -> None:
        if event.get("Event-Name") == "SEND_MESSAGE":
            self.seen.append(event)


def test_what_the_prompt_says_is_sent_to_the_agents_registered_phone(make_rig: Any, unmoved: str) -> None:
    rig = make_rig(message={"reminders": True, "domain": "pbx.example"}, supervise={"tell_agent": "reminder"},
                   judge={"packs": [unmoved]})
    rig.start()
    scene, heard = Scene(rig), Overheard()
    rig.switch.core.listeners.append(heard)
    scene.expect()
    scene.ask("listen", wait=True)
    rig.until(lambda: heard.seen, "no text came")
    [event] = heard.seen
    assert (event["user"], event["host"], event["profile"]) == ("1001", "pbx.example", "internal")
    assert event["_body"] == "请注意用语，遵守规定。"
    assert "uuid" not in event
    assert [order.prompt for order in rig.seen(Remind)] == ["reminder"]


def test_without_the_setting_no_text_is_sent(make_rig: Any, unmoved: str) -> None:
    rig = make_rig(supervise={"tell_agent": "reminder"}, judge={"packs": [unmoved]})
    rig.start()
    scene, heard = Scene(rig), Overheard()
    rig.switch.core.listeners.append(heard)
    scene.expect()
    scene.ask("listen", wait=True)
    rig.until(lambda: rig.seen(Remind), "not told")
    rig.switch.pass_time(0.3)
    assert heard.seen == []
