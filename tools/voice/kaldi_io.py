"""Writes am/final.mdl: Kaldi's binary transition model and nnet3 acoustic model.

Knows the byte formats of Kaldi 5.5 (matrix/kaldi-matrix, hmm/hmm-topology, hmm/transition-model, nnet3/nnet-nnet and
am-nnet-simple). Does not know how the network came about.
"""

import struct
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tools.voice.layers import Network
from tools.voice.phones import PhoneTable, forward, loop

_HALF = float(np.log(0.5))


def final_mdl(network: Network, phones: PhoneTable) -> bytes:
    """The whole file. Raises ValueError when the network's outputs do not fit the phones."""
    outputs = len(network.layers[-1].bias)
    if outputs != phones.units + 1 or len(network.priors) != outputs:
        raise ValueError(f"{outputs} outputs and {len(network.priors)} priors for silence and {phones.units} units")
    return b"".join((b"\0B", *_transition_model(phones), *_nnet(network), *_am_tail(network)))


def _token(name: str) -> bytes:
    return name.encode("ascii") + b" "


def _int(value: int) -> bytes:
    return struct.pack("<bi", 4, value)


def _float(value: float) -> bytes:
    return struct.pack("<bf", 4, value)


def _double(value: float) -> bytes:
    return struct.pack("<bd", 8, value)


def _ints(values: list[int]) -> bytes:
    """std::vector<int32>: the size of an element, their number, the elements."""
    return struct.pack("<bi", 4, len(values)) + np.asarray(values, dtype="<i4").tobytes()


def _vector(values: npt.NDArray[np.float32]) -> bytes:
    return _token("FV") + _int(len(values)) + np.asarray(values, dtype="<f4").tobytes()


def _matrix(values: npt.NDArray[np.float32]) -> bytes:
    rows, columns = values.shape
    return _token("FM") + _int(rows) + _int(columns) + np.ascontiguousarray(values, dtype="<f4").tobytes()


def _transition_model(phones: PhoneTable) -> Iterator[bytes]:
    every = list(range(1, phones.count + 1))
    yield _token("<TransitionModel>")
    yield _token("<Topology>")
    yield _ints(every)
    yield _ints([-1, *([0] * phones.count)])  # phone -> topology entry
    yield _int(1)  # one entry, of two states: an emitting one with a loop and a way out, and the end
    yield _int(2)
    yield _int(0) + _int(2) + _int(0) + _float(0.5) + _int(1) + _float(0.5)
    yield _int(-1) + _int(0)
    yield _token("</Topology>")
    yield _token("<Triples>") + _int(phones.count)
    for phone in every:
        yield _int(phone) + _int(0) + _int(phones.pdf(phone))
    yield _token("</Triples>")
    yield _token("<LogProbs>")
    last = max(loop(phones.count), forward(phones.count))
    yield _vector(np.array([0.0, *([_HALF] * last)], dtype=np.float32))
    yield _token("</LogProbs>") + _token("</TransitionModel>")


def config(network: Network) -> list[str]:
    """The network's wiring, a line a node."""
    lines = [f"input-node name=input dim={network.inputs}"]
    before = "input"
    for number, layer in enumerate(network.layers, start=1):
        spliced = [before if offset == 0 else f"Offset({before}, {offset})" for offset in layer.offsets]
        joined = spliced[0] if len(spliced) == 1 else f"Append({', '.join(spliced)})"
        last = number == len(network.layers)
        after = "logsoftmax" if last else "relu"
        affine, before = f"tdnn{number}.affine", f"tdnn{number}.{after}"
        lines.append(f"component-node name={affine} component={affine} input={joined}")
        lines.append(f"component-node name={before} component={before} input={affine}")
    return [*lines, f"output-node name=output input={before} objective=linear"]


def _nnet(network: Network) -> Iterator[bytes]:
    yield _token("<Nnet3>") + b"\n"
    yield "".join(line + "\n" for line in config(network)).encode("ascii") + b"\n"
    yield _token("<NumComponents>") + _int(2 * len(network.layers))
    for number, layer in enumerate(network.layers, start=1):
        yield _token("<ComponentName>") + _token(f"tdnn{number}.affine") + _token("<FixedAffineComponent>")
        yield _token("<LinearParams>") + _matrix(layer.weight) + _token("<BiasParams>") + _vector(layer.bias)
        yield _token("</FixedAffineComponent>")
        last = number == len(network.layers)
        name, kind = ("logsoftmax", "LogSoftmaxComponent") if last else ("relu", "RectifiedLinearComponent")
        yield _token("<ComponentName>") + _token(f"tdnn{number}.{name}") + _nonlinear(kind, len(layer.bias))
    yield _token("</Nnet3>")


def _nonlinear(kind: str, dimension: int) -> bytes:
    nothing = _vector(np.zeros(0, dtype=np.float32))  # statistics that only training in Kaldi reads
    parts = [_token(f"<{kind}>"), _token("<Dim>"), _int(dimension)]
    parts += [_token("<ValueAvg>"), nothing, _token("<DerivAvg>"), nothing]
    parts += [_token(name) + _double(0.0) for name in ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>")]
    return b"".join([*parts, _token(f"</{kind}>")])


def _am_tail(network: Network) -> Iterator[bytes]:
    left, right = network.context
    yield _token("<LeftContext>") + _int(left) + _token("<RightContext>") + _int(right)
    yield _token("<Priors>") + _vector(network.priors)
