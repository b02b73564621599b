"""Several measurements are told as a median with the smallest and the largest; a command is measured with all it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measuring import MeasurementError, python, run, spread


def test_the_median_is_told_with_the_spread_and_the_count() -> None:
    assert str(spread([3.0, 1.0, 2.0])) == "2.00 (1.00–3.00, 3 times)"


def test_a_single_measurement_says_that_it_is_one() -> None:
    assert str(spread([3.0])) == "3.00 (once)"


def test_the_memory_of_what_a_command_starts_counts(tmp_path: Path) -> None:
    child = "import time; held = bytearray(120_000_000); time.sleep(1)"
    found = run(python("-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{child}'])"), tmp_path)
    assert found.megabytes > 120
    assert found.seconds > 1
    assert 0 < found.processor < found.seconds


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(MeasurementError, match="no such thing"):
        run(python("-c", "raise SystemExit('no such thing')"), tmp_path)
