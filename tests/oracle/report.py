"""Collects comparisons: one line a mismatch, and the largest difference of each kind."""
import sys

import numpy as np


class Report:
    def __init__(self, title: str) -> None:
        self.title = title
        self.largest: dict[str, tuple[float, float]] = {}
        self.notes: list[str] = []
        self.n_mismatches = 0

    def mismatch(self, line: str) -> None:
        self.n_mismatches += 1
        print(f"MISMATCH {self.title}: {line}")

    def near(
        self, kind: str, where: str, found: np.ndarray | float, expected: np.ndarray | float, tolerance: float
    ) -> None:
        """NaN equals NaN only"""
        found, expected = np.asarray(found, float), np.asarray(expected, float)
        if found.shape != expected.shape:
            self.mismatch(f"{kind} {where}: shape {found.shape}, expected {expected.shape}")
            return
        both_nan = np.isnan(found) & np.isnan(expected)
        with np.errstate(invalid="ignore"):
            difference = np.where(both_nan, 0.0, np.where(found == expected, 0.0, np.abs(found - expected)))
        difference = np.where(np.isnan(difference), np.inf, difference)
        worst = float(difference.max(initial=0.0))
        self.largest[kind] = (max(worst, self.largest.get(kind, (0.0, 0.0))[0]), tolerance)
        if worst > tolerance:
            at = np.unravel_index(int(difference.argmax()), difference.shape)
            index = "".join(f"[{k}]" for k in at)
            self.mismatch(f"{kind} {where}{index}: {found[at]:.12g}, expected {expected[at]:.12g}: differs by {worst:.1e}, "
                          f"allowed {tolerance:g}")

    def true(self, kind: str, holds: bool) -> None:
        if not holds:
            self.mismatch(f"{kind}: does not hold")
        else:
            self.notes.append(f"{kind}: holds")

    def note(self, line: str) -> None:
        self.notes.append(line)

    def finish(self) -> None:
        """prints the summary and ends the process: 1 if anything differed"""
        print(f"{self.title}:")
        for kind, (worst, tolerance) in self.largest.items():
            print(f"  {kind}: largest difference {worst:.1e}, allowed {tolerance:g}")
        for line in self.notes:
            print(f"  {line}")
        print(f"  {self.n_mismatches} mismatches")
        sys.exit(1 if self.n_mismatches else 0)
