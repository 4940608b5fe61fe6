"""What others do with the same cases: the rules that ours are compared with, worked with NumPy and SciPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

Counts = np.ndarray
YEAR, YEARS = 12, 3
HISTORY = YEAR * YEARS
DRAWS = 400
GAINS = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 0.7])
SEASONAL_GAINS = np.array([0.001, 0.05, 0.15])


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Bounds of 95% of what may come of a year, and draws of it where there are any. Units: offences."""

    lower: Counts
    upper: Counts


def quasi_poisson_p(history: Counts, earlier: Counts, later: Counts, periods: int) -> Counts:
    """Return the p-value of a quasi-Poisson model of months: one factor a month of the year, one a year, one phi.

    `history` has a row of 36 months each.
    """
    years = history.reshape(len(history), YEARS, YEAR) + 1e-9
    expected = years.sum(2, keepdims=True) * years.sum(1, keepdims=True) / years.sum((1, 2), keepdims=True)
    freedom = (YEARS - 1) * (YEAR - 1)
    phi = np.maximum(((years - expected) ** 2 / expected).sum((1, 2)) / freedom, 1)
    a, b = earlier + 0.5, later + 0.5
    z = np.log(periods * b / a) / np.sqrt(phi * (1 / a + 1 / b))
    return 2 * stats.t.sf(np.abs(z), freedom)


def season_of_the_baseline(history: Counts, to_date: Counts) -> Interval:
    """Return the projection by the year before's share of its months to date: beta negative binomial, by draws."""
    known = to_date.shape[1]
    draw = np.random.default_rng(1)
    before, after = history[:, -YEAR : -YEAR + known].sum(1), history[:, -YEAR + known :].sum(1)
    so_far = to_date.sum(1)
    share = np.clip(draw.beta(before + 0.5, after + 0.5, size=(DRAWS, len(before))), 1e-6, 1)
    return _of_draws(so_far + draw.negative_binomial(so_far + 0.5, share))


def pro_rata(to_date: Counts) -> Interval:
    """Return the projection by the months that are over alone: negative binomial."""
    so_far, share = to_date.sum(1), to_date.shape[1] / YEAR
    law = stats.nbinom(so_far + 0.5, share)
    return Interval(lower=so_far + law.ppf(0.025), upper=so_far + law.ppf(0.975))


def seasonal_naive(history: Counts, to_date: Counts) -> Interval:
    """Return the projection by the same months of the year before, with the empirical t of the row's quarters."""
    known = to_date.shape[1]
    rest = history[:, -YEAR + known :].sum(1) + 0.5
    seen = np.concatenate([history, to_date], axis=1)[:, -HISTORY:]
    quarters = seen.reshape(len(seen), YEAR, 3).sum(2) + 0.5
    moved = np.log(quarters[:, 4:] / quarters[:, :-4])
    half = stats.t.ppf(0.975, moved.shape[1]) * np.sqrt((moved**2).mean(1))
    so_far = to_date.sum(1)
    return Interval(lower=so_far + rest * np.exp(-half) - 0.5, upper=so_far + rest * np.exp(half) - 0.5)


def exponential_smoothing(history: Counts, to_date: Counts) -> Interval:
    """Return the projection by ETS(A,N,A) on logarithms, its constants chosen by least squares on the row itself."""
    seen = np.log(np.concatenate([history, to_date], axis=1) + 0.5)
    best = None
    for gain in GAINS:
        for seasonal in SEASONAL_GAINS:
            fit = _smoothed(seen, gain, seasonal)
            best = (
                fit
                if best is None
                else [np.where(fit[0] < best[0], f.T, b.T).T for f, b in zip(fit, best, strict=True)]
            )
    square, level, seasons, gain = best
    draw = np.random.default_rng(2)
    known = to_date.shape[1]
    levels = np.repeat(level[None], DRAWS, axis=0)
    total = np.repeat(to_date.sum(1)[None].astype(float), DRAWS, axis=0)
    for month in range(known, YEAR):
        error = draw.normal(size=levels.shape) * np.sqrt(square)
        total += np.maximum(np.exp(levels + seasons[:, month] + error) - 0.5, 0)
        levels = levels + gain * error
    return _of_draws(total)


def interval_score(interval: Interval, to_date: Counts, actual: Counts) -> Counts:
    """Return the score of a 95% interval on the scale of the year's logarithm: its width, and 40 times each miss."""
    lower, upper, seen = (
        np.log(np.maximum(count, to_date) + 0.5) for count in (interval.lower, interval.upper, actual)
    )
    return upper - lower + 40 * (np.maximum(lower - seen, 0) + np.maximum(seen - upper, 0))


def _smoothed(seen: Counts, gain: float, seasonal: float) -> list[Counts]:
    """Return the mean squared error of one step, the last level, the seasons, and the gain."""
    level = seen[:, :HISTORY].mean(1)
    seasons = seen[:, :HISTORY].reshape(len(seen), YEARS, YEAR).mean(1) - level[:, None]
    level = seen[:, :YEAR].mean(1)
    squares = np.zeros(len(seen))
    for place in range(seen.shape[1]):
        month = place % YEAR
        error = seen[:, place] - level - seasons[:, month]
        level = level + gain * error
        seasons[:, month] += seasonal * error
        squares += error**2
    return [squares / (seen.shape[1] - 4), level, seasons, np.full(len(seen), gain)]


def _of_draws(totals: Counts) -> Interval:
    lower, upper = np.quantile(totals, [0.025, 0.975], axis=0)
    return Interval(lower=lower, upper=upper)
