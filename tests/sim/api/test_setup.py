"""How the embedded switch says that it is set up."""

import json

from tests.sim.bench import Bench


def test_what_was_taken_out_is_in_no_answer(bench: Bench) -> None:
    def known() -> set[str]:
        return {row["ikey"] for row in json.loads(bench.api("show modules as json"))["rows"]}

    assert "mod_sndfile" in known()
    assert bench.api("module_exists mod_sndfile") == "true"
    bench.core.unloaded |= {"mod_sndfile"}
    assert "mod_sndfile" not in known()
    assert bench.api("module_exists mod_sndfile") == "false"
    assert bench.api("module_exists mod_lua") == "false"


def test_the_dialplan_is_shown_by_context_and_nothing_else_is(bench: Bench) -> None:
    assert bench.api("xml_locate dialplan").startswith('<section name="dialplan">')
    assert bench.api("xml_locate dialplan context name default") in bench.api("xml_locate dialplan")
    assert bench.api("xml_locate directory").startswith("can't find anything")
    assert bench.api("xml_locate dialplan context").startswith("-ERR")


def test_a_file_is_there_or_not(bench: Bench) -> None:
    assert bench.api(f"file_exists {__file__}") == "true"
    assert bench.api(f"file_exists {__file__}x") == "false"
    assert bench.api("file_exists") == "false"
