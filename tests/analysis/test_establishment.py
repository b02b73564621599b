"""Establishment costs: missing until all are delivered, then summed and paid back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis import data, establishment, keyfigures
from analysis.model import Status

AREA = "sentralbord"


def test_nothing_is_delivered_and_nothing_is_guessed() -> None:
    values = [
        value
        for value in keyfigures.published()
        if ".etableringskostnad." in value.id or ".tilbakebetaling." in value.id
    ]
    assert len(values) == 3 * (3 + 3)
    assert {value.status for value in values} == {Status.MANGLER}


def delivered(monkeypatch: pytest.MonkeyPatch, amounts: list[float | None]) -> dict[str, float | None]:
    """The values when these amounts (low; likely 10 and high 20 percent more) are delivered for sentralbord."""
    real = data.load

    def load(name: str, root: Path | None = None) -> pd.DataFrame:
        frame = real(name, root)
        if name == establishment.TABLE:
            low = pd.Series([*amounts, *[None] * (len(frame) - len(amounts))], dtype="float")
            frame = frame.assign(lav_kr=low, sannsynlig_kr=low * 1.1, hoy_kr=low * 1.2)
        return frame

    monkeypatch.setattr(data, "load", load)
    return {value.id: value.number for value in establishment.values(keyfigures.by_id(), (10.0, 21.0, 30.0))}


def test_delivered_costs_are_summed_and_divided_by_the_yearly_gain(monkeypatch: pytest.MonkeyPatch) -> None:
    found = delivered(monkeypatch, [100_000, 200_000, 0, 300_000])
    assert found[f"{AREA}.etableringskostnad.lav.sum"] == 600_000
    assert found[f"{AREA}.etableringskostnad.hoy.sum"] == pytest.approx(720_000)
    # 2 080 000 kr and 10 percent: 208 000 a year; 660 000 / 208 000.
    assert found[f"{AREA}.tilbakebetaling.10.sum"] == pytest.approx(3.1731, abs=1e-4)
    assert found["postmottak-arkiv.etableringskostnad.lav.sum"] is None


def test_one_missing_kind_of_cost_leaves_the_sum_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = delivered(monkeypatch, [100_000, None, 0, 300_000])
    assert found[f"{AREA}.etableringskostnad.sannsynlig.sum"] is None
    assert found[f"{AREA}.tilbakebetaling.21.sum"] is None
