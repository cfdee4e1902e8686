"""final.mdl, read back by a reader of Kaldi's basic types that knows nothing of the writer."""

import struct

import numpy as np
import numpy.typing as npt
import pytest

from tests.voice.networks import random_network
from tools.voice import kaldi_io
from tools.voice.phones import PhoneTable

TABLE = PhoneTable(4)


class Reader:
    """Kaldi's binary basic types."""

    def __init__(self, content: bytes) -> None:
        assert content[:2] == b"\0B"
        self.content, self.at = content, 2

    def take(self, form: str) -> int | float:
        (value,) = struct.unpack_from("<" + form, self.content, self.at)
        self.at += struct.calcsize("<" + form)
        return value  # type: ignore[no-any-return]

    def token(self, *names: str) -> None:
        for name in names:
            end = self.content.index(b" ", self.at)
            assert self.content[self.at : end].decode() == name
            self.at = end + 1

    def word(self) -> str:
        end = self.content.index(b" ", self.at)
        found = self.content[self.at : end].decode()
        self.at = end + 1
        return found

    def integer(self) -> int:
        assert self.take("b") == 4
        return int(self.take("i"))

    def real(self) -> float:
        return float(self.take({4: "f", 8: "d"}[int(self.take("b"))]))

    def integers(self) -> list[int]:
        assert self.take("b") == 4
        return [int(self.take("i")) for _ in range(int(self.take("i")))]

    def floats(self, count: int) -> npt.NDArray[np.float32]:
        values = np.frombuffer(self.content, "<f4", count, self.at)
        self.at += 4 * count
        return values

    def vector(self) -> npt.NDArray[np.float32]:
        self.token("FV")
        return self.floats(self.integer())

    def matrix(self) -> npt.NDArray[np.float32]:
        self.token("FM")
        rows, columns = self.integer(), self.integer()
        return self.floats(rows * columns).reshape(rows, columns)

    def line(self) -> str:
        end = self.content.index(b"\n", self.at)
        found = self.content[self.at : end].decode()
        self.at = end + 1
        return found


def test_the_transition_model_gives_each_phone_one_state_with_a_loop_and_a_way_out() -> None:
    reader = Reader(kaldi_io.final_mdl(random_network(5), TABLE))
    reader.token("<TransitionModel>", "<Topology>")
    phones = reader.integers()
    assert phones == list(range(1, 18))
    assert reader.integers() == [-1] + [0] * 17
    assert (reader.integer(), reader.integer()) == (1, 2)
    assert (reader.integer(), reader.integer()) == (0, 2)
    assert [(reader.integer(), reader.real()) for _ in range(2)] == [(0, 0.5), (1, 0.5)]
    assert (reader.integer(), reader.integer()) == (-1, 0)
    reader.token("</Topology>", "<Triples>")
    triples = [(reader.integer(), reader.integer(), reader.integer()) for _ in range(reader.integer())]
    assert [(phone, state) for phone, state, _ in triples] == [(phone, 0) for phone in phones]
    assert {pdf for _, _, pdf in triples} == set(range(5))
    reader.token("</Triples>", "<LogProbs>")
    probabilities = reader.vector()
    assert len(probabilities) == 2 * len(phones) + 1
    np.testing.assert_allclose(probabilities[1:], np.log(0.5), rtol=1e-6)
    reader.token("</LogProbs>", "</TransitionModel>", "<Nnet3>")


def test_the_network_is_read_back_whole() -> None:
    network = random_network(5)
    content = kaldi_io.final_mdl(network, TABLE)
    reader = Reader(content)
    reader.at = content.index(b"<Nnet3> ") + len(b"<Nnet3> ")
    assert reader.line() == ""
    lines = []
    while line := reader.line():
        lines.append(line)
    assert lines[0] == "input-node name=input dim=30"
    spliced = "Append(Offset(input, -2), Offset(input, -1), input, Offset(input, 1), Offset(input, 2))"
    assert lines[1] == f"component-node name=tdnn1.affine component=tdnn1.affine input={spliced}"
    assert lines[-1] == "output-node name=output input=tdnn6.logsoftmax objective=linear"
    wired = [dict(part.split("=") for part in line.split()[1:3])["component"] for line in lines[1:-1]]
    reader.token("<NumComponents>")
    assert reader.integer() == len(wired) == 12
    for layer, (affine, other) in zip(network.layers, zip(wired[::2], wired[1::2], strict=True), strict=True):
        reader.token("<ComponentName>", affine, "<FixedAffineComponent>", "<LinearParams>")
        np.testing.assert_array_equal(reader.matrix(), layer.weight)
        reader.token("<BiasParams>")
        np.testing.assert_array_equal(reader.vector(), layer.bias)
        reader.token("</FixedAffineComponent>", "<ComponentName>", other)
        kind = "LogSoftmaxComponent" if layer is network.layers[-1] else "RectifiedLinearComponent"
        reader.token(f"<{kind}>", "<Dim>")
        assert reader.integer() == len(layer.bias)
        reader.token("<ValueAvg>")
        assert len(reader.vector()) == 0
        reader.token("<DerivAvg>")
        assert len(reader.vector()) == 0
        while (name := reader.word()) != f"</{kind}>":
            assert name in ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>")
            assert reader.real() == 0
    reader.token("</Nnet3>", "<LeftContext>")
    assert reader.integer() == 15
    reader.token("<RightContext>")
    assert reader.integer() == 9
    reader.token("<Priors>")
    np.testing.assert_array_equal(reader.vector(), network.priors)
    assert reader.at == len(content)


def test_a_network_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="6 outputs and 6 priors for silence and 4 units"):
        kaldi_io.final_mdl(random_network(6), TABLE)
