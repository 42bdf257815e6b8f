#!/usr/bin/env python3
"""Reference numbers for the statistics, at 40 digits with mpmath.

    pip install mpmath
    python reference_statistics.py            write statistics.json beside this script
    python reference_statistics.py --check    write nothing; compare tails with quadrature

Numbers are printed to 17 significant digits, all of them right: the tail of Student's t by a
hypergeometric series (the crate sums a continued fraction), its quantile by bisection and Newton's
method, power by quadrature of the noncentral law, Holm's p-values by closed testing, the bootstrap
by going through every resample. Samples are short decimals, read as the nearest double, as the
crate reads them.
"""

import itertools
import json
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import mpmath as mp

mp.mp.dps = 40


def number(x):
    return float(mp.nstr(x, 17))


# ---------------------------------------------------------------- Student's t

def tail(t, df):
    """P(T > t) by the hypergeometric series of the incomplete beta function."""
    t, df = mp.mpf(t), mp.mpf(df)
    if t < 0:
        return 1 - tail(-t, df)
    return mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2


def density(t, df):
    t, df = mp.mpf(t), mp.mpf(df)
    front = mp.gamma((df + 1) / 2) / (mp.sqrt(mp.pi * df) * mp.gamma(df / 2))
    return front * mp.power(1 + t * t / df, -(df + 1) / 2)


def quantile(p, df):
    """By bisection of ln t to 5 digits, then Newton's method."""
    p = mp.mpf(p)
    if p < 0.5:
        return -quantile(1 - p, df)
    low, high = mp.mpf(10) ** -6, mp.mpf(10) ** 6
    for _ in range(25):
        middle = mp.sqrt(low * high)
        low, high = (middle, high) if tail(middle, df) > 1 - p else (low, middle)
    t = mp.sqrt(low * high)
    for _ in range(8):
        t += (tail(t, df) - (1 - p)) / density(t, df)
    return t


def noncentral_power(effect, n, alpha):
    """P(T > critical value) for normal values of mean `effect` sd: over the law of the sd."""
    df = n - 1
    critical, shift = quantile(1 - mp.mpf(alpha), df), mp.mpf(effect) * mp.sqrt(n)
    front = 2 * mp.power(mp.mpf(df) / 2, mp.mpf(df) / 2) / mp.gamma(mp.mpf(df) / 2)
    law = lambda s: front * mp.power(s, df - 1) * mp.exp(-df * s * s / 2)
    return mp.quad(lambda s: law(s) * mp.ncdf(shift - critical * s), mp.linspace(0, 3, 31))


# ---------------------------------------------------------------- location

def skewness(values):
    n, m = len(values), mp.fsum(values) / len(values)
    m2, m3 = (mp.fsum((x - m) ** k for x in values) / n for k in (2, 3))
    return m3 / mp.power(m2, mp.mpf(3) / 2) * mp.sqrt(n * (n - 1)) / (n - 2)


def pulled_in(values, g):
    ordered = sorted(values)
    return [ordered[g]] * g + ordered[g:len(values) - g] + [ordered[len(values) - g - 1]] * g


def corrected(t, gamma, n):
    """min(t, Hall's cubic), by its definition as a sum of powers."""
    gamma = min(gamma, mp.mpf(0))
    cubic = t + gamma * t ** 2 / (3 * mp.sqrt(n)) + gamma ** 2 * t ** 3 / (27 * n) + gamma / (6 * mp.sqrt(n))
    return min(t, cubic)


def location(values, kind, threshold):
    values, n = [mp.mpf(x) for x in values], len(values)
    g = n // 4 if kind == "iqm" else 0
    kept = sorted(values)[g:n - g]
    around = pulled_in(values, g)
    m = mp.fsum(around) / n
    sd = mp.sqrt(mp.fsum((x - m) ** 2 for x in around) / (n - 1))
    estimate, df = mp.fsum(kept) / len(kept), len(kept) - 1
    se = sd / ((1 - mp.mpf(2 * g) / n) * mp.sqrt(n))
    skew = skewness(pulled_in(values, n // 10 if kind == "iqm" else 0))
    slack = mp.sqrt(mp.mpf(6) / n) if kind == "mean" else 0
    threshold = mp.mpf(threshold)
    t = (estimate - threshold) / se
    half = quantile(mp.mpf("0.975"), df) * se
    return {
        "kind": kind, "threshold": number(threshold), "estimate": number(estimate), "se": number(se), "df": df,
        "skew": number(skew), "plain_above": number(tail(t, df)),
        "above": number(tail(corrected(t, mp.mpf(3) / 2 * skew - slack, n), df)),
        "below": number(tail(corrected(-t, -mp.mpf(3) / 2 * skew - slack, n), df)),
        "interval": [number(estimate - half), number(estimate + half)],
    }


SAMPLES = {
    "eight": ([0, 1, 2, 3, 4, 5, 6, 7], 1.25),
    "right": ([0.02, 0.11, 0.13, 0.27, 0.31, 0.4, 0.52, 0.55, 0.71, 0.93, 1.08, 1.4, 1.77, 2.6, 4.9], 0.25),
    "left": ([-6.5, -3.1, -1.25, -0.5, 0.1, 0.3, 0.35, 0.6, 0.75, 0.8, 0.95, 1.1, 1.2, 1.3, 1.35, 1.4, 1.5, 1.6,
              1.65, 1.7, 1.8, 1.85, 1.9], 0.0),
    "far": ([10.01, 10.3, 9.7, 10.2, 9.9, 10.05, 9.6, 10.4, 10.12, 9.83, 10.6], 3.0),
}


# ---------------------------------------------------------------- comparisons

def holm(p):
    """Closed testing: the adjusted p of i is the largest Bonferroni p over the sets that hold i."""
    sets = [s for k in range(1, len(p) + 1) for s in itertools.combinations(range(len(p)), k)]
    return [max(min(mp.mpf(1), len(s) * min(mp.mpf(p[j]) for j in s)) for s in sets if i in s)
            for i in range(len(p))]


def improvement(x, y):
    return Fraction(sum(2 * (a > b) + (a == b) for a in x for b in y), 2 * len(x) * len(y))


def bootstrap(tasks):
    """The law of the pooled interquartile mean under all resamples within tasks: [value, chance]."""
    law, total = Counter(), 0
    for runs in itertools.product(*[itertools.product(task, repeat=len(task)) for task in tasks]):
        pooled = sorted(Fraction(str(x)) for task in runs for x in task)
        g = len(pooled) // 4
        middle = pooled[g:len(pooled) - g]
        law[sum(middle) / len(middle)] += 1
        total += 1
    return [[float(value), count / total] for value, count in sorted(law.items())]


def check():
    """Tails against quadrature of the density; the substitution x = t + e^v - 1 covers all scales."""
    for t, df in ((0.5, 1), (1.8, 2.5), (8, 29), (40, 29), (3.3, 1000)):
        reach = mp.log(mp.power(10, mp.mpf(40) / min(df, 20)) * 100)
        other = mp.quad(lambda v: density(t + mp.expm1(v), df) * mp.exp(v), mp.linspace(0, reach, 17))
        print(f"  t = {t}, df = {df}: relative difference {mp.nstr(other / tail(t, df) - 1, 3)}")


def main():
    if "--check" in sys.argv:
        return check()
    p = [0.011, 0.2, 0.0004, 0.03, 0.011, 0.6]
    x, y = [0.3, 0.5, 0.5, 0.9, 1.2, 0.1, 0.7], [0.5, 0.2, 0.9, 0.9, 0.4]
    tasks = [[0.1, 0.35, 0.9], [0.2, 0.55, 1.6]]
    data = {
        "tail": [[t, df, number(tail(t, df))] for df in (1, 2.5, 29, 1000)
                 for t in (-3, 0.001, 0.5, 1.5, 1.8, 3.3, 8, 40)],
        "quantile": [[q, df, number(quantile(q, df))] for df in (1, 2.5, 29, 1000)
                     for q in (0.0001, 0.3, 0.501, 0.975, 0.9990234375)],
        "power": {"effect": 0.5, "n": 60, "alpha": 0.002, "power": number(noncentral_power(0.5, 60, "0.002"))},
        "location": [{"values": values, **location(values, kind, threshold)}
                     for values, threshold in SAMPLES.values() for kind in ("mean", "iqm")],
        "holm": {"p": p, "adjusted": [number(q) for q in holm(p)]},
        "improvement": {"x": x, "y": y, "value": float(improvement(x, y))},
        "profile": {"values": x, "thresholds": [0, 0.1, 0.5, 0.6, 1.2],
                    "shares": [sum(v > t for v in x) / len(x) for t in (0, 0.1, 0.5, 0.6, 1.2)]},
        "bootstrap": {"tasks": tasks, "law": bootstrap(tasks)},
    }
    lines = []
    for key, value in data.items():
        rows = value if isinstance(value, list) else [value]
        text = ",\n  ".join(json.dumps(row) for row in rows)
        lines.append(f' "{key}": [\n  {text}\n ]' if isinstance(value, list) else f' "{key}": {text}')
    path = Path(__file__).resolve().parent / "statistics.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"wrote {path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
