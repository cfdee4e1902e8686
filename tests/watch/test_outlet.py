import io
import json
import os
import sys

import pytest

from eslbot.watch.outlet import Outlet, patient


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    yield reading, writing
    os.close(reading)


def drain(reading):
    pieces = []
    try:
        while piece := os.read(reading, 65536):
            pieces.append(piece)
    except BlockingIOError:
        pass
    return b"".join(pieces)


def test_lines_go_through_in_order_when_somebody_reads(pipe):
    reading, writing = pipe
    with open(writing, "w") as stream:
        outlet = patient(stream)
        assert isinstance(outlet, Outlet)
        for number in range(10):
            outlet.write(f"line {number}\n")
        assert drain(reading).decode().splitlines() == [f"line {number}" for number in range(10)]


def test_a_reader_that_stops_makes_nobody_wait_and_the_loss_is_told(pipe):
    reading, writing = pipe
    with open(writing, "w") as stream:
        outlet = patient(stream)
        line = "x" * 999 + "\n"
        for _ in range(3000):
            outlet.write(line)
        got = drain(reading)
        while piece := (outlet.flush() or drain(reading)):
            got += piece
        outlet.write("after\n")
        got += drain(reading)
    lines = got.decode().splitlines()
    assert lines[-1] == "after"
    lost = json.loads(lines[-2])["count"]
    assert lost > 0
    assert len(lines) - 2 + lost == 3000
    assert set(lines[:-2]) == {line.strip()}


def test_the_descriptor_that_others_share_stays_blocking(pipe):
    _, writing = pipe
    with open(writing, "w") as stream:
        patient(stream).write("x")
        assert os.get_blocking(writing)


def test_a_reader_that_is_gone_is_no_error(pipe):
    reading, writing = os.pipe()
    with open(writing, "w") as stream:
        outlet = patient(stream)
        os.close(reading)
        outlet.write("lost\n")
        outlet.write("lost\n")


def test_other_streams_are_used_as_they_are(tmp_path):
    memory = io.StringIO()
    assert patient(memory) is memory
    with (tmp_path / "log").open("w") as file:
        assert patient(file) is file
    assert patient(sys.__stdin__) is sys.__stdin__ or sys.__stdin__ is None
