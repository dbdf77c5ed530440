"""Sound at any rate to the telephone's 8,000 samples a second, without the whistle of what a line cannot carry."""

from __future__ import annotations

from array import array
from functools import lru_cache
from math import cos, gcd, pi, sin
from operator import mul
from typing import Final

TELEPHONE_RATE: Final = 8_000
_CUTOFF: Final = 3_600  # Hz; a telephone line carries 300 to 3,400
_HALF_WIDTH: Final = 16  # source samples on each side that a new sample is made of


def to_telephone_rate(samples: array[int], rate: int) -> array[int]:
    """The same sound at 8,000 samples a second: a windowed-sinc low-pass, evaluated only where a sample is needed.

    Args:
        samples: signed 16-bit values.
        rate: how many of them make a second; at least the telephone's.

    Raises:
        ValueError: if the rate is lower than the telephone's.
    """
    if rate < TELEPHONE_RATE:
        raise ValueError(f"expected at least {TELEPHONE_RATE} samples a second, not {rate}")
    if rate == TELEPHONE_RATE:
        return samples
    kernels, step_up, step_down = _kernels(rate)
    silence = array("h", bytes(2 * _HALF_WIDTH))
    padded = silence + samples + silence + silence
    width = 2 * _HALF_WIDTH
    made = array("h")
    for index in range(len(samples) * step_up // step_down):
        whole, phase = divmod(index * step_down, step_up)
        # The window around source sample `whole` begins _HALF_WIDTH - 1 before it, and the padding has _HALF_WIDTH.
        value = round(sum(map(mul, kernels[phase], padded[whole + 1 : whole + 1 + width])))
        made.append(max(-32_768, min(32_767, value)))
    return made


@lru_cache(maxsize=4)
def _kernels(rate: int) -> tuple[tuple[tuple[float, ...], ...], int, int]:
    """For each position of a new sample between two old ones, the weights of the old ones around it."""
    common = gcd(TELEPHONE_RATE, rate)
    step_up, step_down = TELEPHONE_RATE // common, rate // common
    return tuple(_kernel(phase / step_up, 2 * _CUTOFF / rate) for phase in range(step_up)), step_up, step_down


def _kernel(offset: float, share: float) -> tuple[float, ...]:
    weights = []
    for tap in range(-_HALF_WIDTH + 1, _HALF_WIDTH + 1):
        at = tap - offset
        ideal = share if at == 0 else sin(pi * share * at) / (pi * at)
        hann = 0.5 + 0.5 * cos(pi * at / (_HALF_WIDTH + 1))
        weights.append(ideal * hann)
    total = sum(weights)
    return tuple(weight / total for weight in weights)
