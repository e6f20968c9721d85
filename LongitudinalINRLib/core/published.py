"""The published weights, made for sums over points and times, in terms of the means of our loss.

One reading of the authors' code; `docs/method.md`, section 6, derives it and names the others.
"""

from __future__ import annotations

from LongitudinalINRLib.core.config import FitConfig, Weights

POINTS_A_STEP = 12 * 12**3
"""Points that their terms are summed over: 12 patches of 12^3."""

SIMILAR_DISPLACEMENT = 8.9e-4
"""Where a norm and its square pull alike: 0.1 mm in a field of view of 224 mm, in model units."""


def loss_weights(config: FitConfig, follow_ups: int) -> Weights:
    """Return what the means of the loss are multiplied by.

    Parameters
    ----------
    config : FitConfig
        Its weights belong to means already, or to the published sums.
    follow_ups : int
        Scans after the baseline.
    """
    if config.weight_units == "means":
        return config.weights
    return published_weights(config.weights, follow_ups)


def published_weights(weights: Weights, follow_ups: int) -> Weights:
    """Return the weights of means that stand for weights of the published sums, whatever those are.

    Parameters
    ----------
    weights : Weights
        As in the authors' code.
    follow_ups : int
        Scans after the baseline.

    Examples
    --------
    >>> published_weights(Weights(lambda_=0.0, alpha=0.1, beta=0.1, gamma=0.0), follow_ups=3).beta
    1105.92
    """
    times = follow_ups + 1
    return Weights(
        lambda_=weights.lambda_ / (2 * SIMILAR_DISPLACEMENT * follow_ups),
        alpha=weights.alpha * times / follow_ups,
        beta=weights.beta * POINTS_A_STEP * times**2 / (10 * follow_ups),
        gamma=weights.gamma * POINTS_A_STEP * times / (200 * follow_ups),
    )
