#!/usr/bin/python3
"""Student's p in logarithms against scipy, and against a series in 60 decimal digits where no double is so small.

usage: student_oracle.py DRIVER
"""
import subprocess
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
from scipy import special, stats

from report import Report

getcontext().prec = 60
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")


def beta_half(degrees: int) -> Decimal:
    """B(degrees/2, 1/2) by B(a + 1, b) = B(a, b) a/(a + b)"""
    value, a = (PI, Decimal("0.5")) if degrees % 2 else (Decimal(2), Decimal(1))
    while a < Decimal(degrees) / 2:
        value *= a / (a + Decimal("0.5"))
        a += 1
    return value


def exact_log_p(r_squared: float, degrees: int) -> float:
    """ln I_x(a, 1/2) = ln of x^a (1-x)^(1/2) / (a B) sum over k of (a + 1/2)_k/(a + 1)_k x^k: every term positive"""
    a, x = Decimal(degrees) / 2, 1 - Decimal(r_squared)
    term = total = Decimal(1)
    k = 0
    while term > total * Decimal("1e-40"):
        term *= (a + Decimal("0.5") + k) / (a + 1 + k) * x
        total += term
        k += 1
    return float(a * x.ln() + (1 - x).sqrt().ln() - a.ln() - beta_half(degrees).ln() + total.ln())


def r_squared_of(t: float, degrees: float) -> float:
    return float(Fraction(t) ** 2 / (Fraction(degrees) + Fraction(t) ** 2))


def r_squared_at(log_p: float, degrees: int) -> float:
    """where the series has that ln p"""
    low, high = 0.01, 1 - 1e-15
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if exact_log_p(middle, degrees) > log_p else (low, middle)
    return high


def main() -> None:
    report = Report("Student's p")
    degrees = [3, 4, 11, 58, 59, 61, 734, 735, 5000, 100000, 1000000]
    pairs = [(r_squared_of(t, d), d) for d in degrees for t in (0.001, 0.3, 0.6745, 1, 1.7, 1.74, 2, 4.4, 7, 15, 40, 60, 300)]
    for target in (1e-5, 5e-8, 1e-50, 1e-250):
        pairs += [(r_squared_of(float(stats.t.isf(target / 2, d)), d), d) for d in degrees]
    pairs += [(r_squared_at(-320 * np.log(10), d), d) for d in (61, 735, 5000)]
    done = subprocess.run([sys.argv[1]], input="".join(f"{r.hex()} {d}\n" for r, d in pairs), capture_output=True, text=True, check=True)
    found = np.array([[float(word) for word in line.split()] for line in done.stdout.splitlines()])
    r_squared, df = np.array(pairs).T

    # scipy, where it has a double: p itself
    p = special.betainc(df / 2, 0.5, 1 - r_squared)
    # with 1 - r^2 rounded, p is off by that rounding times degrees/2
    good = (p > 1e-290) & (r_squared > 1e-3)
    report.near("p, relative, scipy", f"{good.sum()} of {len(p)}", np.exp(found[good, 0]) / p[good], np.ones(good.sum()), 3e-10)
    # the series: a sum over terms x^k, so not where x is next to 1
    some = [k for k in range(len(pairs)) if 0.004 < r_squared[k] < 1]
    exact = np.array([exact_log_p(*pairs[k]) for k in some])
    deepest = exact.min()
    report.near("ln p, relative, 60 digits", f"{len(some)}", found[some, 0] / exact, np.ones(len(some)), 2e-13)
    report.true(f"as deep as p = 10^{deepest / np.log(10):.0f}, below any double", deepest < -800)
    for depth in (50, 250, 320):  # 320: a subnormal double, of few digits
        report.true(f"p = 1e-{depth} is among them", bool(np.any(np.abs(exact / np.log(10) + depth) < 0.01)))
    # back to r^2
    inside = (found[:, 0] < -1e-6) & (r_squared < 1 - 1e-9)
    report.near("r^2 of p, relative", "", found[inside, 1] / r_squared[inside], np.ones(inside.sum()), 1e-9)
    chi = stats.chi2.isf(np.exp(found[:, 0]), 1)
    shown = (found[:, 0] > -600) & (found[:, 0] < -1e-3)
    report.near("chi-square of p, relative", "", found[shown, 2] / chi[shown], np.ones(shown.sum()), 1e-9)
    report.finish()


if __name__ == "__main__":
    main()
