"""The benches run and say what they promise to say, at a size at which their figures mean nothing: so that the page can
be made anew whenever it is wanted. No figure is held to anything here."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from eslbot import data
from eslbot.service.measuring.talk import RATE, two_way
from tests.bench import bare, mute_latency, server
from tests.bench.picture import svg
from tests.switch.link.fake import free_port

pytestmark = pytest.mark.timeout(300)
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The page of a very small run, and its picture."""
    picture = tmp_path_factory.mktemp("bench") / "growth.svg"
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--calls", "1", "--seconds", "1", "--growth", "1", "--picture",
         str(picture), "--hour", "--quick"],
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True,
        env={name: value for name, value in os.environ.items() if name not in ("ESLBOT_FREESWITCH", "VOSK_SERVER")},
    )  # fmt: skip
    return said.stdout, picture


def section(page: str, begins: str) -> list[str]:
    """The lines under the heading that begins so."""
    [found] = [part for part in page.split("\n\n") if part.startswith(begins)]
    return found.splitlines()[1:]


def test_the_page_names_the_machine_and_holds_ours_against_bare_vosk(page: tuple[str, Path]) -> None:
    assert re.match(r"eslbot's ratios on \d+ cores, .*; model demo-zh\n", page[0])
    rows = section(page[0], "Listening to 1 calls")
    names = [re.split(r"  +", row.strip())[0] for row in rows]
    assert [name.partition(",")[0] for name in names] == [
        "bare vosk", "bare vosk behind voice activity", "bare vosk with our workers' allocator and kernels",
        "all of ours",
    ]  # fmt: skip
    assert all(re.search(r"\d\.\d{3}\s+\d+\.\d{2} x", row) for row in rows)
    assert "words differ" in rows[1]
    assert "lag p50" in rows[3]


def test_growth_has_a_line_and_a_picture(page: tuple[str, Path]) -> None:
    assert [row.split()[0] for row in section(page[0], "How cost grows")] == ["1"]
    assert ElementTree.parse(page[1]).getroot().tag.endswith("svg")


def test_the_other_parts_have_their_rows(page: tuple[str, Path]) -> None:
    assert [row.split(":")[0].strip() for row in section(page[0], "Reading the event socket")] == [
        "greenswitch, plain", "eslbot, json", "eslbot, the same plain",
    ]  # fmt: skip
    assert section(page[0], "Sealing")
    assert any("hypothesis costs its call" in row for row in section(page[0], "The console"))
    crowd = section(page[0], "A crowd beside the calls")
    assert [re.split(r"  +", row.strip())[0] for row in crowd[1:-1]] == [
        "nobody looks", "50 terminals watch", "40 clients of the socket stall", "nobody looks, again"]
    assert crowd[-1].split() == ["troubles:", "0"]
    joining = section(page[0], "From a supervisor's command")
    assert [row.split()[0] for row in joining[1:]] == ["cli", "api", "code"]
    assert all(re.search(r"to hearing: p50 +\d+, p95 +\d+, most +\d+ ms; \d later", row) for row in joining[1:])
    memory = section(page[0], "Memory over an hour of talk")
    assert re.search(r"before any call: service +\d+\.\d MiB", memory[0])
    grown = re.compile(r"of 1 calls: service +\d+\.\d MiB \( *-?\d+ KiB a call\), recogniser +\d+\.\d MiB")
    assert [row.split()[1] for row in memory if grown.search(row)] == ["0", "1"]
    assert memory[-1].strip().endswith("troubles: none)")


def test_legs_are_those_that_the_feeder_plays() -> None:
    stereo = np.arange(2 * 20 * RATE, dtype="<i4").astype("<i2").reshape(-1, 2)
    customer, agent, later, _ = bare.legs(stereo.tobytes(), calls=2, seconds=0.5)
    assert (customer, agent) == tuple(stereo[: RATE // 2, side].tobytes() for side in (0, 1))
    ahead = round(bare.APART * RATE)
    assert later == stereo[ahead : ahead + RATE // 2, 0].tobytes()


def test_voice_activity_lets_less_through_and_nothing_else() -> None:
    leg = bare.legs(two_way("zh"), 1, 20.0)[1]
    passed = bare.gated(leg)
    assert 0 < len(passed) < len(leg)
    assert passed[:3200] in leg


def test_a_vosk_server_is_counted_with_the_words_it_found() -> None:
    """Our own worker, which speaks the protocol; alphacep's is not on every machine."""
    port = free_port()
    command = [sys.executable, "-m", "eslbot.listen.worker", "--model", str(data.model("demo-zh")), "--port", str(port)]
    spent, words = server.cost(command, port, bare.legs(two_way("zh"), 1, 6.0), 0.1)
    assert spent > 0
    assert len(words) == 2
    assert sum(map(len, words)) > 0


def test_how_long_a_customer_heard_on_is_read_off_two_recordings() -> None:
    said = np.random.default_rng(7).normal(0, 0.2, 12 * RATE)
    heard = np.concatenate([np.zeros(RATE // 2), said])  # half a second later on that phone
    cut = 8 * RATE
    heard[cut + RATE // 2 :] = 0
    assert abs(mute_latency.last_heard(heard, said, cut - RATE // 10) - cut) <= mute_latency.FRAME
    assert mute_latency.last_heard(np.concatenate([np.zeros(RATE // 2), said]), said, cut) == float("inf")


def test_quantiles_are_values_that_were_measured() -> None:
    found = [float(n) for n in range(1, 21)]
    assert (mute_latency.quantile(found, 0.5), mute_latency.quantile(found, 0.95)) == (10.0, 19.0)
    assert mute_latency.quantile([4.0], 0.95) == 4.0


def test_the_picture_is_drawn_to_scale() -> None:
    root = ElementTree.fromstring(svg([(1, 0.1, 0.1), (10, 0.5, 0.5)], 2))
    [low, high] = [one for one in root.iter() if one.tag.endswith("polygon")]
    tops = [min(float(pair.split(",")[1]) for pair in one.attrib["points"].split()) for one in (low, high)]
    assert tops[0] < tops[1]  # both layers together reach higher up than the service's alone
