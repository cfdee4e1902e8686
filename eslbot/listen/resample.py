"""Raises audio to the rate of a model that wants more samples a second than the telephone gives (Vosk itself lowers,
and refuses to raise). Nothing above the telephone's band comes from it. Pure."""

from math import gcd

import numpy as np

_ZEROS = 16


class Raiser:
    """Streaming windowed-sinc interpolation of s16le mono from one rate to a higher one."""

    def __init__(self, rate: int, to: int) -> None:
        if not 0 < rate < to:
            raise ValueError(f"{rate} to {to} is not raising")
        common = gcd(rate, to)
        self._up, self._down = to // common, rate // common
        half = _ZEROS * self._up
        time = np.arange(-half, half + 1) / self._up
        kernel = np.sinc(time) * np.kaiser(len(time), 8.0)
        padded = np.append(kernel, np.zeros(-len(kernel) % self._up))
        self._phases = padded.reshape(-1, self._up).T[:, ::-1].copy()
        self._taps = self._phases.shape[1]
        self._history = np.zeros(self._taps - 1)
        self._position = 0

    def feed(self, pcm: bytes) -> bytes:
        """The next samples, raised; 16 samples of the lower rate behind, for ever."""
        if not pcm:
            return b""
        fresh = np.frombuffer(pcm, "<i2").astype(np.float64)
        known = np.concatenate([self._history, fresh])
        self._history = known[len(known) - (self._taps - 1) :]
        count = max(0, -(-(len(fresh) * self._up - self._position) // self._down))
        at = self._position + np.arange(count) * self._down
        self._position += count * self._down - len(fresh) * self._up
        windows = np.lib.stride_tricks.sliding_window_view(known, self._taps)
        raised = np.einsum("ij,ij->i", windows[at // self._up], self._phases[at % self._up])
        data: bytes = np.clip(np.rint(raised), -32768, 32767).astype("<i2").tobytes()
        return data
