"""Kaldi's MFCC in numpy: what the network is trained on and what Vosk computes for itself when it listens.

Knows the arithmetic of compute-mfcc-feats with the options of MFCC_CONF. Does not know files or networks.
"""

import functools

import numpy as np
import numpy.typing as npt

RATE = 8000
BINS = 30
LENGTH, SHIFT = 200, 80  # 25 ms and 10 ms
_TRANSFORM = 256
_LOW, _HIGH = 80.0, 3700.0
_PREEMPHASIS, _LIFTER = 0.97, 22.0
_FLOOR = float(np.finfo(np.float32).eps)

MFCC_CONF = f"""--sample-frequency={RATE}
--use-energy=false
--num-mel-bins={BINS}
--num-ceps={BINS}
--low-freq={_LOW:g}
--high-freq={_HIGH:g}
--dither=0
"""
"""conf/mfcc.conf of the model."""

Matrix = npt.NDArray[np.float64]


def mfcc(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """(frames, 30) for 16-bit samples at 8 kHz; frames that would run over the end are left out (snip-edges)."""
    if len(samples) < LENGTH:
        return np.zeros((0, BINS), dtype=np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, LENGTH)[::SHIFT].astype(np.float64)
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    frames = (frames - _PREEMPHASIS * before) * _window()
    power = np.abs(np.fft.rfft(frames, _TRANSFORM, axis=1)[:, : _TRANSFORM // 2]) ** 2
    energies = np.log(np.maximum(power @ _mel().T, _FLOOR))
    return (energies @ _cosines().T).astype(np.float32)


@functools.cache
def _window() -> Matrix:
    """Kaldi's own ("povey"): a Hann window to the power 0.85."""
    window: Matrix = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / (LENGTH - 1))) ** 0.85
    return window


@functools.cache
def _mel() -> Matrix:
    """(30, 128) triangles, equally wide in mel, over the transform's bins."""
    low, high = _to_mel(np.array([_LOW, _HIGH]))
    width = (high - low) / (BINS + 1)
    mel = _to_mel(np.arange(_TRANSFORM // 2) * RATE / _TRANSFORM)
    left = low + width * np.arange(BINS)[:, None]
    rising, falling = (mel - left) / width, (left + 2 * width - mel) / width
    triangles: Matrix = np.maximum(0.0, np.minimum(rising, falling))
    return triangles


def _to_mel(hertz: Matrix) -> Matrix:
    return 1127.0 * np.log(1.0 + hertz / 700.0)


@functools.cache
def _cosines() -> Matrix:
    """(30, 30) orthonormal cosine transform, its rows scaled by the lifter."""
    order, position = np.arange(BINS)[:, None], np.arange(BINS) + 0.5
    transform = np.sqrt(2.0 / BINS) * np.cos(np.pi / BINS * order * position)
    transform[0] = np.sqrt(1.0 / BINS)
    lifted: Matrix = transform * (1.0 + 0.5 * _LIFTER * np.sin(np.pi * order / _LIFTER))
    return lifted
