"""How loud each side of a call is, as a page shows it. Pure; knows no call."""

import math

import numpy as np

FLOOR = -60.0
"""Decibels below full scale that count as nothing."""


def levels(stereo: bytes) -> tuple[int, int]:
    """How loud the customer and the agent are, 0 (nothing) to 100 (full scale), by decibels."""
    both = np.frombuffer(stereo, "<i2").reshape(-1, 2).astype(np.float32)
    power = np.sqrt((both**2).mean(axis=0)) / 32768.0
    loud = [max(FLOOR, 20.0 * math.log10(max(float(one), 1e-6))) for one in power]
    customer, agent = (round(100.0 * (1.0 - one / FLOOR)) for one in loud)
    return customer, agent
