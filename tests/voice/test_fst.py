"""The automaton's bytes, read back by a reader that knows OpenFst's layout and nothing of the writer."""

import math
import struct

from hypothesis import given
from hypothesis import strategies as st

from tools.voice.fst import Fst

LABEL = st.integers(0, 500)
ARC = st.tuples(LABEL, LABEL, st.floats(-5, 20, width=32), st.integers(0, 7))


def read(content: bytes) -> tuple[dict[str, int | str], list[tuple[float, list[tuple[int, int, float, int]]]]]:
    """(header, states) of a vector FST of standard arcs. Fails on bytes left over."""
    at = 0

    def take(form: str) -> tuple[object, ...]:
        nonlocal at
        values = struct.unpack_from("<" + form, content, at)
        at += struct.calcsize("<" + form)
        return values

    (magic,) = take("i")
    names = []
    for _ in range(2):
        (length,) = take("i")
        names.append(content[at : at + int(str(length))].decode())
        at += int(str(length))
    version, flags, properties, start, states, arcs = take("iiQqqq")
    rows = []
    for _ in range(int(str(states))):
        final, count = take("fq")
        rows.append((final, [take("iifi") for _ in range(int(str(count)))]))
    assert at == len(content)
    head = {"magic": magic, "fst": names[0], "arc": names[1], "version": version, "flags": flags}
    head |= {"properties": properties, "start": start, "states": states, "arcs": arcs}
    return head, rows  # type: ignore[return-value]


STATE = st.tuples(st.one_of(st.none(), st.floats(0, 9, width=32)), st.lists(ARC, max_size=4))


@given(st.lists(STATE, min_size=8, max_size=8))
def test_what_was_put_in_is_read_back(states: list[tuple[float | None, list[tuple[int, int, float, int]]]]) -> None:
    fst = Fst()
    for _ in states:
        fst.state()
    fst.start = 3
    for state, (final, arcs) in enumerate(states):
        for arc in arcs:
            fst.arc(state, *arc)
        if final is not None:
            fst.final(state, final)
    head, rows = read(fst.to_bytes())
    assert (head["magic"], head["fst"], head["arc"], head["version"]) == (2125659606, "vector", "standard", 2)
    assert (head["start"], head["states"]) == (3, 8)
    assert head["arcs"] == sum(len(arcs) for _, arcs in states)
    assert rows == [(math.inf if final is None else final, arcs) for final, arcs in states]
