"""What a cooperation may cost to establish, and when it has paid for itself.

Nobody has delivered what it costs. The question is therefore turned round: how much may it
cost at most. The real discount rate is an assumption; 4 percent is the state's (Finansdepartementet,
rundskriv R-109), which does not bind municipalities and serves as a convention.
"""

from __future__ import annotations

import math


def largest_cost_paid_back(yearly_gain: float, years: int) -> float:
    """The largest establishment cost (kr) that ``yearly_gain`` (kr a year) has paid back after ``years``, without interest."""
    return max(0.0, yearly_gain * years)


def annuity(rate: float, years: int) -> float:
    """The value today of 1 kr at the end of each of ``years`` years, at ``rate`` percent real interest."""
    if rate < 1e-9:
        return float(years)
    # expm1 and log1p keep their precision where the rate is close to zero.
    return -math.expm1(-years * math.log1p(rate / 100)) / (rate / 100)


def largest_cost_in_present_value(yearly_gain: float, years: int, rate: float) -> float:
    """The largest establishment cost (kr, today) whose net present value over ``years`` is not negative."""
    return max(0.0, yearly_gain * annuity(rate, years))


def net_present_value(establishment: float, yearly_gain: float, years: int, rate: float) -> float:
    """Gains over ``years`` in today's kroner less the establishment cost, which falls today."""
    return yearly_gain * annuity(rate, years) - establishment


def years_to_pay_back(establishment: float, yearly_gain: float) -> float | None:
    """Years until the gains have paid the establishment cost, without interest; None when they never do."""
    if establishment <= 0:
        return 0.0
    return None if yearly_gain <= 0 else establishment / yearly_gain
