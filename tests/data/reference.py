#!/usr/bin/env python3
"""Reference numbers for the tests, by methods the crate does not use.

    pip install numpy scipy mpmath statsmodels scikit-learn
    python reference.py             write every file beside this script (about a minute)
    python reference.py --check     write nothing; compare with second methods and by simulation
    python reference.py NAME ...    only these, e.g. `labels small_mdps`

Numbers are printed to 15 significant digits. How many of them are right:

file                   method                                                     digits
bradley_terry.json     fixed-curvature bound optimisation (Boehning-Lindsay) at   15
                       60 digits; Hessian by differences of the gradient
order_statistics.json  mpmath quadrature; exact rational law of the maximum       14
heavy_tails.json       direct convolution on a trapezoid grid                     9
wrong_overseer.json    inversion of the characteristic function                   9
small_mdps.json        sums over all trajectories (exact rationals); BFGS         15
                       polished with mpmath for the KL-regularised optimum        13
labels.json            mpmath quadrature; closed forms                            14
hard_fits.json         damped Newton at 60 digits, from the best of 61 BFGS        15
                       starts where labels may be flipped (their comparisons are
                       an input: ten and 200 labels of one trial)

Random inputs come from numpy's frozen `RandomState`. Written with numpy 2.4,
scipy 1.17, mpmath 1.4.
"""

import csv
import itertools
import json
import math
import sys
from fractions import Fraction
from pathlib import Path

import mpmath as mp
import numpy as np
from scipy import optimize, special

HERE = Path(__file__).resolve().parent


# ---------------------------------------------------------------- output

def plain(value):
    """Numbers of any kind to JSON numbers with 15 significant digits."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, Fraction):
        value = mp.mpf(value.numerator) / value.denominator
    number = float(mp.nstr(mp.mpf(value), 15))
    return 0.0 if number == 0 else number


def layout(value, indent=0, width=110):
    """JSON with every part that fits on one line on one line."""
    short = json.dumps(value)
    if len(short) + indent <= width or not isinstance(value, (dict, list)):
        return short
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {layout(item, indent + 1, width)}" for key, item in value.items()]
        return "{\n" + ",\n".join(pad + part for part in parts) + "\n" + " " * indent + "}"
    if all(isinstance(item, (int, float)) or item is None for item in value):
        lines, line = [], ""
        for item in value:
            text = json.dumps(item)
            if line and len(line) + len(text) + 2 > width - indent:
                lines.append(line)
                line = ""
            line += (", " if line else "") + text
        lines.append(line)
        return "[\n" + ",\n".join(pad + line for line in lines) + "\n" + " " * indent + "]"
    parts = [layout(item, indent + 1, width) for item in value]
    return "[\n" + ",\n".join(pad + part for part in parts) + "\n" + " " * indent + "]"


def write(name, data):
    text = layout(plain(data)) + "\n"
    (HERE / name).write_text(text)
    print(f"wrote {name}: {len(text)} bytes")


def report(what, number):
    print(f"  {what}: {mp.nstr(mp.mpf(number), 3)}")


# ---------------------------------------------------------------- Bradley-Terry
#
# Minimised: -sum [y ln p + (1 - y) ln(1 - p)] + (l2/2)|w|^2 with p = e + (1 - 2e) sigma(w.d),
# d = first - second; a tie is y = 1/2. The curvature of one plain term never exceeds d d'/4, so
# w <- w - B^-1 gradient with the constant B = X'X/4 + l2 I descends to the optimum (Boehning and
# Lindsay 1988). With flips (e > 0) the same step is used and the result tested for being the one
# minimum found from many starts. Covariance: the inverse of the Hessian at the optimum, the
# Hessian being a central difference of the gradient at 60 digits.

BT_DIGITS = 60


def bradley_terry_sample():
    """300 comparisons of three features, one tie in ten."""
    rng = np.random.RandomState(20240501)
    features = np.round(rng.standard_normal((300, 6)), 6)
    chance = special.expit((features[:, :3] - features[:, 3:]) @ np.array([1, -0.5, 0.25]))
    label = (rng.random_sample(300) < chance).astype(float)
    label[rng.random_sample(300) < 0.1] = 0.5
    return features, label


def separable_sample():
    """20 comparisons of one feature, the larger always preferred."""
    rng = np.random.RandomState(20240502)
    first, second = np.round(rng.standard_normal((2, 20)), 6)
    return first, second, (first > second).astype(float)


def exact_rows(features, label):
    """d and y as mpf, from the decimal text, so that the differences are exact decimals."""
    half = features.shape[1] // 2
    rows = [[mp.mpf(f"{x:.6f}") for x in row] for row in features]
    return [[a - b for a, b in zip(row[:half], row[half:])] for row in rows], [mp.mpf(y) for y in label]


def bt_gradient(w, rows, label, l2, flip):
    gradient = [l2 * x for x in w]
    for d, y in zip(rows, label):
        s = 1 / (1 + mp.exp(-mp.fdot(w, d)))
        p = flip + (1 - 2 * flip) * s
        slope = -(1 - 2 * flip) * s * (1 - s) * (y / p - (1 - y) / (1 - p))
        gradient = [g + slope * x for g, x in zip(gradient, d)]
    return gradient


def bt_objective(w, rows, label, l2, flip):
    total = l2 * mp.fdot(w, w) / 2
    for d, y in zip(rows, label):
        p = flip + (1 - 2 * flip) / (1 + mp.exp(-mp.fdot(w, d)))
        total -= y * mp.log(p) + (1 - y) * mp.log(1 - p)
    return total


def bt_solve(rows, label, l2, flip):
    size = len(rows[0])
    bound = mp.matrix(size, size)
    for i, j in itertools.product(range(size), repeat=2):
        bound[i, j] = sum(d[i] * d[j] for d in rows) / 4 + (l2 if i == j else 0)
    step = bound ** -1
    w = [mp.mpf(0)] * size
    for _ in range(2000):
        move = step * mp.matrix(bt_gradient(w, rows, label, l2, flip))
        w = [x - move[i] for i, x in enumerate(w)]
        if mp.norm(move) < mp.mpf(10) ** -40:
            break
    else:
        raise RuntimeError("no convergence")
    small = mp.mpf(10) ** -20  # error of the central difference: about 1e-40
    hessian = mp.matrix(size, size)
    for i in range(size):
        up, down = list(w), list(w)
        up[i] += small
        down[i] -= small
        above = bt_gradient(up, rows, label, l2, flip)
        below = bt_gradient(down, rows, label, l2, flip)
        for j in range(size):
            hessian[i, j] = (above[j] - below[j]) / (2 * small)
    return w, hessian ** -1


def bradley_terry(check):
    features, label = bradley_terry_sample()
    with mp.workdps(BT_DIGITS):
        rows, labels = exact_rows(features, label)
        fits = []
        for l2, flip in [("0.1", "0"), ("1", "0"), ("1e-6", "0"), ("0.1", "0.1")]:
            w, covariance = bt_solve(rows, labels, mp.mpf(l2), mp.mpf(flip))
            fits.append({
                "l2": float(l2), "flip": float(flip), "weights": w, "covariance": covariance.tolist(),
                "objective": bt_objective(w, rows, labels, mp.mpf(l2), mp.mpf(flip)),
            })
        # One feature: the gradient increases in w, so bisect.
        first, second, win = separable_sample()
        d, y = exact_rows(np.column_stack([first, second]), win)
        l2 = mp.mpf("0.1")
        low, high = mp.mpf(0), mp.mpf(30)
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if bt_gradient([middle], d, y, l2, 0)[0] < 0 else (low, middle)
        sigma = [1 / (1 + mp.exp(-low * x[0])) for x in d]
        variance = 1 / (l2 + sum(s * (1 - s) * x[0] ** 2 for s, x in zip(sigma, d)))
        alone = {"l2": 0.1, "first": first, "second": second, "label": win, "weight": low, "variance": variance}
        if check:
            bradley_terry_check(features, label, rows, labels, fits, alone)
            return
        with open(HERE / "bradley_terry.csv", "w", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow([f"{who}_{name}" for who in ("first", "second") for name in "abc"] + ["label"])
            for row, y in zip(features, label):
                out.writerow([f"{x:.6f}" for x in row] + [f"{y:g}"])
        write("bradley_terry.json", {"data": "bradley_terry.csv", "fits": fits, "separable": alone})


def bradley_terry_check(features, label, rows, labels, fits, alone):
    import statsmodels.api as sm
    from sklearn.linear_model import LogisticRegression
    d = features[:, :3] - features[:, 3:]
    print("  shares of first, tie, second:", [float(np.mean(label == x)) for x in (1, 0.5, 0)])
    twice, answers = np.vstack([d, d]), np.repeat([1, 0], len(d))
    weight = np.concatenate([label, 1 - label])
    for fit in fits:
        w = np.array([float(x) for x in fit["weights"]])
        if fit["flip"] == 0:
            model = LogisticRegression(C=1 / fit["l2"], fit_intercept=False, tol=1e-13, max_iter=10000,
                                       solver="newton-cholesky").fit(twice, answers, sample_weight=weight)
            report(f"l2 {fit['l2']}: sklearn, largest difference", np.abs(model.coef_[0] - w).max())
        else:
            def loss(x):
                return float(bt_objective([mp.mpf(v) for v in x], rows, labels, mp.mpf(fit["l2"]), mp.mpf(fit["flip"])))
            rng = np.random.RandomState(1)
            with mp.workdps(16):
                ends = [optimize.minimize(loss, 3 * rng.standard_normal(3), method="BFGS", options={"gtol": 1e-7}).x
                        for _ in range(8)]
            report("with flips: scipy from 8 starts, largest difference", np.abs(np.array(ends) - w).max())
        p = [1 / (1 + mp.exp(-mp.fdot(fit["weights"], x))) for x in rows]
        if fit["flip"] == 0:  # the textbook Hessian against the differences
            hessian = mp.matrix(3, 3)
            for i, j in itertools.product(range(3), repeat=2):
                hessian[i, j] = sum(s * (1 - s) * x[i] * x[j] for s, x in zip(p, rows)) + (i == j) * mp.mpf(str(fit["l2"]))
            report("  covariance against the formula", mp.mnorm(hessian ** -1 - mp.matrix(fit["covariance"])))
    glm = sm.GLM(label, d, family=sm.families.Binomial()).fit(tol=1e-14, maxiter=200)
    w, cov = fits[2]["weights"], fits[2]["covariance"]
    report("statsmodels without l2 against l2 = 1e-6, weights", max(abs(a - float(b)) for a, b in zip(glm.params, w)))
    report("  covariance", np.abs(glm.cov_params() - np.array(cov, dtype=float)).max())
    difference = (alone["first"] - alone["second"])[:, None]
    model = LogisticRegression(C=10, fit_intercept=False, tol=1e-13, solver="newton-cholesky").fit(difference, alone["label"])
    report("separable: sklearn, difference", model.coef_[0, 0] - float(alone["weight"]))


# ---------------------------------------------------------------- order statistics

POWERS = [2 ** k for k in range(13)] + [16384, 65536]


def normal_maximum(n):
    """Mean and sd of the largest of n standard normals: integrals of x^k n phi(x) Phi(x)^(n-1)."""
    cuts = [mp.mpf(x) for x in range(-16, 17)]
    def moment(k):
        return mp.quad(lambda x: x ** k * n * mp.npdf(x) * mp.ncdf(x) ** (n - 1), cuts)
    mean = moment(1) if n > 1 else mp.mpf(0)
    return mean, mp.sqrt(moment(2) - mean ** 2)


def pool_maximum(size, n):
    """Law of the largest of n draws with replacement from 1..size, one draw at a time, exactly."""
    law = [Fraction(1, size)] * size
    for _ in range(n - 1):
        below, new = Fraction(0), []
        for j, p in enumerate(law):
            new.append(p * Fraction(j + 1, size) + below / size)
            below += p
        law = new
    return law


def order_statistics(check):
    with mp.workdps(30):
        if check:
            for n in (2, 64, 65536):
                tail = mp.quad(lambda x: 1 - mp.ncdf(x) ** n, [mp.mpf(x) for x in range(17)]) - mp.quad(
                    lambda x: mp.ncdf(-x) ** n, [mp.mpf(x) for x in range(17)])
                report(f"m_{n} against the integral of the tails", tail - normal_maximum(n)[0])
            report("m_2 - 1/sqrt(pi)", normal_maximum(2)[0] - 1 / mp.sqrt(mp.pi))
            report("m_4 - closed form", normal_maximum(4)[0] - 3 / mp.sqrt(mp.pi) * (mp.mpf(1) / 2 + mp.asin(mp.mpf(1) / 3) / mp.pi))
            report("sd_2 - sqrt(1 - 1/pi)", normal_maximum(2)[1] - mp.sqrt(1 - 1 / mp.pi))
            # Every tuple of draws, counted.
            for size, n in [(2, 4), (2, 16), (10, 4)]:
                count = [0] * size
                for draws in itertools.product(range(size), repeat=n):
                    count[max(draws)] += 1
                assert [Fraction(c, size ** n) for c in count] == pool_maximum(size, n)
            print("  pool laws equal the counts over all tuples")
            return
        normal = [dict(zip(("n", "mean", "sd"), (n, *normal_maximum(n)))) for n in POWERS]
        pool = []
        for size in (2, 10, 100, 1000):
            for n in (1, 2, 4, 16, 64):
                law = pool_maximum(size, n)
                logs = [mp.mpf(p.numerator) / p.denominator for p in law]
                wins = sum(p * (2 * j + 1) for j, p in enumerate(law)) / (2 * size)
                row = {"k": size, "n": n, "kl": mp.fsum(p * mp.log(p * size) for p in logs), "win_rate": wins}
                if size <= 10:
                    row["law"] = law
                pool.append(row)
        write("order_statistics.json", {"normal": normal, "pool": pool})


# ---------------------------------------------------------------- best-of-n of a sum with heavy tails
#
# `Inversion` gives, for P = sigma z + sum_k w_k t_k (z normal, t_k raw Student t with 3 degrees of
# freedom, cf (1 + sqrt3 |u|) e^(-sqrt3 |u|)), the density f, the upper tail Q, the density's
# derivative and g_t(p) = E[sum w_k t_k; P = p]. On the positive half line the cf is an entire
# function phi, so for large p the integral of phi(t) e^(-itp) is taken down the imaginary axis,
# t = -iu, where it decays without oscillation and tails keep their relative precision.
# E[z; P = p] = -sigma f'(p) by Stein's identity.

def panels(count, order):
    """Gauss-Legendre nodes and weights on [-1, 1], in equal panels: one rule of high order rounds worse."""
    node, weight = np.polynomial.legendre.leggauss(order)
    middle = (2 * np.arange(count) + 1) / count - 1
    return (middle[:, None] + node / count).ravel(), np.tile(weight / count, count)


LEGENDRE = panels(24, 25)


def arc(y):
    """y - atan(y) without cancellation."""
    series = y ** 3 * (1 / 3 - y ** 2 * (1 / 5 - y ** 2 * (1 / 7 - y ** 2 * (1 / 9 - y ** 2 / 11))))
    return np.where(y < 0.05, series, y - np.arctan(y))


class Inversion:
    def __init__(self, sigma, tails):
        self.sigma = sigma
        self.scales = math.sqrt(3) * np.abs(np.array(tails, dtype=float))

    def near(self, p):
        """Real axis: 0 <= p < 9 sigma."""
        node, weight = LEGENDRE
        t = (node + 1) / 2 * 9.5 / self.sigma  # exp(-9.5^2 / 2) is 3e-20
        weight = weight / 2 * 9.5 / self.sigma / math.pi
        y = t[:, None] * self.scales
        phi = np.exp(-(self.sigma * t) ** 2 / 2) * np.prod((1 + y) * np.exp(-y), axis=1)
        lift = phi * np.sum(self.scales ** 2 / (1 + y), axis=1) * t
        sin, cos = np.sin(np.outer(p, t)), np.cos(np.outer(p, t))
        return cos @ (weight * phi), 0.5 - sin @ (weight * phi / t), -sin @ (weight * phi * t), sin @ (weight * lift)

    def far(self, p):
        """Imaginary axis: p >= 9 sigma. What is left out is below exp(-p^2 / 2 sigma^2)."""
        node, weight = LEGENDRE
        top = np.minimum(60.0, (p / self.sigma) ** 2)[:, None]
        s = (node + 1) / 2 * top
        u = s / p[:, None]
        weight = weight / 2 * top / p[:, None] / math.pi
        y = u[..., None] * self.scales
        # (1 - iy) e^(iy) has modulus sqrt(1 + y^2) and angle y - atan(y).
        size = np.exp((self.sigma * u) ** 2 / 2 - s + np.log1p(y ** 2).sum(-1) / 2)
        angle = arc(y).sum(-1)
        wave = size * np.sin(angle)
        # 1 / (1 - iy) adds the angle atan(y) and divides by the modulus.
        lift = (self.scales ** 2 / np.sqrt(1 + y ** 2) * np.sin(angle[..., None] + np.arctan(y))).sum(-1) * size * u
        return tuple((weight * x).sum(1) for x in (wave, wave / u, -wave * u, lift))

    def __call__(self, p):
        p = np.asarray(p, dtype=float)
        if len(self.scales) == 0:
            f = np.exp(-(p / self.sigma) ** 2 / 2) / self.sigma / math.sqrt(2 * math.pi)
            return f, special.ndtr(-p / self.sigma), -p / self.sigma ** 2 * f, np.zeros_like(p)
        cut = 9 * self.sigma
        out = [np.empty_like(p) for _ in range(4)]
        for part, law in ((p < cut, self.near), (p >= cut, self.far)):
            for block in np.array_split(np.flatnonzero(part), max(1, part.sum() // 200)):
                if len(block):
                    for column, values in zip(out, law(p[block])):
                        column[block] = values
        return out


def over_maximum(n, p, step, q, pieces):
    """Integrals of h(p) n F(p)^(n-1) over both half lines, trapezoid; pieces = (h, parity)."""
    above = n * np.exp((n - 1) * np.log1p(-q)) * step
    below = n * np.exp((n - 1) * np.log(np.maximum(q, 1e-300))) * step  # F(-p) = Q(p)
    ends = np.ones_like(p)
    ends[0] = 0.5
    return [float(np.sum(ends * h * (above + parity * below))) for h, parity in pieces]


def half_line(scale, points=6000, reach=19.0):
    """p = scale sinh(v), v uniform from 0: trapezoid in v. Reaches scale e^19 / 2 = 9e7 scale."""
    v = np.linspace(0, reach, points)
    return scale * np.sinh(v), scale * np.cosh(v) * v[1]


HEAVY_N = [4 ** k for k in range(9)]


def convolution(n_values, scale, tail_scale):
    """E[V] of best-of-n by V + X, V = scale z, X = tail_scale t3, by direct convolution."""
    # The t density's poles lie at distance sqrt3 tail_scale: a step of 1/20 is exact to rounding.
    step = min(scale, tail_scale) / 20
    v = np.arange(-round(9.5 * scale / step), round(9.5 * scale / step) + 1) * step
    normal = np.exp(-(v / scale) ** 2 / 2) / scale / math.sqrt(2 * math.pi) * step
    p, width = half_line(1.0, points=3000)
    h, q = np.empty_like(p), np.empty_like(p)
    for i, s in enumerate(p):
        x = (s - v) / tail_scale
        density = 2 / (math.pi * math.sqrt(3)) / (1 + x ** 2 / 3) ** 2 / tail_scale
        h[i] = np.sum(v * normal * density)
        q[i] = np.sum(normal * special.stdtr(3, -x))
    return [over_maximum(n, p, width, q, [(h, -1)])[0] for n in n_values]


def log_normal(n_values, scale, sigma):
    """The same with X log-normal less its median 1: V + X is not symmetric, so both tails are kept."""
    step = scale / 80
    v = np.arange(-round(9.5 * scale / step), round(9.5 * scale / step) + 1) * step
    normal = np.exp(-(v / scale) ** 2 / 2) / scale / math.sqrt(2 * math.pi) * step
    p, width = half_line(1.0, points=4000, reach=12.0)
    p, width = np.concatenate([-p[:0:-1], p]), np.concatenate([width[:0:-1], width])
    keep = p > -30
    p, width = p[keep], width[keep]
    h, q, f = np.empty_like(p), np.empty_like(p), np.empty_like(p)
    for i, s in enumerate(p):
        x = s - v + 1
        inside = x > 0
        z = np.log(x[inside]) / sigma
        density = np.exp(-z ** 2 / 2) / math.sqrt(2 * math.pi) / sigma / x[inside]
        h[i] = np.sum((v * normal)[inside] * density)
        f[i] = np.sum(normal[inside] * special.ndtr(z))
        q[i] = np.sum(normal[inside] * special.ndtr(-z)) + np.sum(normal[~inside])
    log_f = np.where(q < 0.5, np.log1p(-np.minimum(q, 0.5)), np.log(np.maximum(f, 1e-300)))
    return [float(np.sum(h * n * np.exp((n - 1) * log_f) * width)) for n in n_values]


def heavy_tails(check):
    if check:
        printed = {
            "t3_unit_variance": [1.88, 3.15, 3.91, 4.05, 3.31, 1.94, 1.02, 0.61],
            "t3": [1.67, 2.65, 2.94, 2.46, 1.56, 0.91, 0.55, 0.35],
            "log_normal": [1.97, 2.92, 3.36, 3.14, 2.79, 2.37, 1.82, 1.45],
        }
        print("  printed elsewhere, log_normal:", printed["log_normal"])
        print("  quadrature:            ", np.round(log_normal(HEAVY_N[1:], 2.0, math.log(2)), 4).tolist())
        for name, scale in (("t3_unit_variance", 1 / math.sqrt(3)), ("t3", 1.0)):
            direct = convolution(HEAVY_N, 2.0, scale)
            law, (p, width) = Inversion(2.0, [scale]), half_line(1.0)
            _, q, slope, _ = law(p)
            other = [over_maximum(n, p, width, q, [(-4 * slope, -1)])[0] for n in HEAVY_N]
            report(f"{name}: largest difference between convolution and inversion", np.abs(np.subtract(direct, other)).max())
            print(f"  printed elsewhere, {name}:", printed[name])
            print(f"  quadrature:        ", np.round(direct[1:], 4).tolist())
        rng = np.random.RandomState(5)
        for name, draw in (("t3", lambda size: rng.standard_t(3, size)),
                           ("log_normal", lambda size: np.exp(math.log(2) * rng.standard_normal(size)) - 1)):
            runs = [ranked_means(total, [v], [4, 64, 1024, 16384]) for v, total in
                    ((v, v + draw(len(v))) for v in (2 * rng.standard_normal(2 ** 21) for _ in range(16)))]
            mean, error = np.mean(runs, 0)[:, 0], np.std(runs, 0, ddof=1)[:, 0] / 4
            print(f"  simulated {name} at 4, 64, 1024, 16384:", np.round(mean, 4).tolist(), "+-", np.round(error, 4).tolist())
        return
    with mp.workdps(25):
        normal = [4 / mp.sqrt(5) * normal_maximum(n)[0] for n in HEAVY_N]
    def digits(values):  # what the method is good for
        return [0.0] + [float(f"{x:.11g}") for x in values[1:]]  # best of one is exactly 0
    write("heavy_tails.json", {
        "utility_sd": 2, "n": HEAVY_N, "normal": normal,
        "t3_unit_variance": digits(convolution(HEAVY_N, 2.0, 1 / math.sqrt(3))),
        "t3": digits(convolution(HEAVY_N, 2.0, 1.0)),
        "log_normal_sigma": math.log(2),
        "log_normal": digits(log_normal(HEAVY_N, 2.0, math.log(2))),
    })


def ranked_means(score, columns, n_values):
    """Mean of each column at the largest score of n, over all subsets of the sample (unbiased)."""
    order, size = np.argsort(score), len(score)
    rank = np.arange(1, size + 1)
    out = []
    for n in n_values:
        log = np.full(size, -np.inf)
        tail = rank >= n
        log[tail] = (special.gammaln(rank[tail]) - special.gammaln(rank[tail] - n + 1) - special.gammaln(n)
                     - special.gammaln(size + 1) + special.gammaln(n + 1) + special.gammaln(size - n + 1))
        weight = np.exp(log)
        out.append([np.dot(weight / weight.sum(), c[order]) for c in columns])
    return out


# ---------------------------------------------------------------- a wrong overseer

OVERSEER_N = [4 ** k for k in range(7)]
OVERSEER = [
    (1.0, 0.8, []),
    (1.0, 0.8, [0.05, -0.05] * 4),
    (0.5, 0.3, [0.3, -0.2, 0.1, -0.1, 0.05, 0.02, -0.02, 0.01]),
]


def overseer_case(insight, flattery, tails):
    sigma = math.hypot(insight, flattery)
    p, width = half_line(sigma)
    f, q, slope, lift = Inversion(sigma, tails)(p)
    rows = []
    for n in OVERSEER_N:
        # f' and g_t are odd; p f, for the mean of the proxy, too.
        z, t, proxy = over_maximum(n, p, width, q, [(-slope, -1), (lift, -1), (p * f, -1)])
        rows.append((insight * z, flattery * z, t, proxy))
    return np.array(rows)


def wrong_overseer(check):
    cases = []
    for insight, flattery, tails in OVERSEER:
        rows = overseer_case(insight, flattery, tails)
        rows[0] = 0.0
        if check:
            report(f"tails {tails}: proxy less the sum of its parts, largest",
                   np.abs(rows @ np.array([insight, flattery, 1, -1])).max())
            if not tails:
                m = [float(normal_maximum(n)[0]) for n in OVERSEER_N]
                report("  against m_n, largest", np.abs(rows[:, 3] - math.hypot(insight, flattery) * np.array(m)).max())
                continue
            rng, runs = np.random.RandomState(7), []
            for _ in range(40):
                x, y = rng.standard_normal((2, 2 ** 20))
                t = sum(w * rng.standard_t(3, 2 ** 20) for w in tails)
                runs.append(ranked_means(insight * x + flattery * y + t, [x, y, t], OVERSEER_N))
            mean, error = np.mean(runs, 0), np.std(runs, 0, ddof=1) / math.sqrt(40)
            print("  simulated (difference / standard error):")
            for n, got, se, want in zip(OVERSEER_N, mean, error, rows):
                print(f"    n {n}:", np.round((got - want[:3]) / se, 2).tolist(), "standard errors", np.round(se, 5).tolist())
            continue
        columns = [[float(f"{x:.11g}") for x in column] for column in rows.T]
        cases.append({"insight": insight, "flattery": flattery, "tails": tails, "n": OVERSEER_N,
                      **dict(zip(("mean_insight", "mean_flattery", "mean_tails", "mean_proxy"), columns))})
    if not check:
        write("wrong_overseer.json", {"cases": cases})


# ---------------------------------------------------------------- small decision processes
#
# Every probability is a multiple of 1/64 and every reward one of 1/16: exact in binary. Sums run
# over all trajectories in rationals. The KL-regularised optimum is found over the logits of a
# time-dependent policy: BFGS on the sum over trajectories, then steps with that Hessian and
# mpmath gradients until they vanish. Where the reference never arrives, no policy is determined
# and the row is null.

MDPS = [  # actions per state, horizon, entries of the reference to be zero, start in state 0 only
    ([2, 2, 2], 1, [], False),
    ([2, 3, 2], 2, [], False),
    ([2, 2, 2, 2], 3, [], False),
    ([3, 2, 2], 4, [], False),
    ([3, 2, 2, 2], 3, [(0, 2), (2, 0)], True),
]


def sixty_fourths(rng, size, positive, zeros=()):
    """A random distribution in 64ths; some zeros of its own unless it must be positive."""
    free = [i for i in range(size) if i not in zeros and (positive or rng.random_sample() < 0.75)]
    free = free or [int(rng.randint(size))]
    weight = rng.gamma(1.0, size=len(free)) + 0.15
    parts = np.maximum(1, np.floor(64 * weight / weight.sum())).astype(int)
    parts[np.argmax(parts)] += 64 - parts.sum()
    law = [0.0] * size
    for i, part in zip(free, parts):
        law[i] = part / 64
    assert sum(law) == 1
    return law


def random_mdp(rng, actions, horizon, zeros, fixed):
    states = len(actions)
    def table(make):
        return [[make() for _ in range(count)] for count in actions]
    return {
        "states": states, "horizon": horizon, "actions": actions,
        "start": [1.0] + [0.0] * (states - 1) if fixed else sixty_fourths(rng, states, True),
        "reference": [sixty_fourths(rng, count, True, [a for s, a in zeros if s == state])
                      for state, count in enumerate(actions)],
        "transition": table(lambda: sixty_fourths(rng, states, False)),
        "reward": table(lambda: int(rng.randint(-32, 33)) / 16),
        "reward2": table(lambda: int(rng.randint(-32, 33)) / 16),
    }


def trajectories(mdp):
    """Every sequence of (state, action) the dynamics allow, with the probability of its chances."""
    paths = [((), Fraction(1))]
    for t in range(mdp["horizon"]):
        longer = []
        for path, chance in paths:
            for s in range(mdp["states"]):
                arrive = mdp["transition"][path[-1][0]][path[-1][1]][s] if t else mdp["start"][s]
                if arrive > 0:
                    longer += [(path + ((s, a),), chance * Fraction(arrive)) for a in range(mdp["actions"][s])]
        paths = longer
    return paths


def summed(path, table):
    return sum(Fraction(table[s][a]) for s, a in path)


def best_deterministic(mdp, allowed):
    """Largest return over all deterministic time-dependent policies with allowed[s] actions."""
    slots = [(t, s) for t in range(mdp["horizon"]) for s in range(mdp["states"])]
    choices = np.array(list(itertools.product(*(allowed[s] for _, s in slots))))
    value = np.zeros(len(choices))
    for route in itertools.product(range(mdp["states"]), repeat=mdp["horizon"]):
        chance, gain = np.full(len(choices), mdp["start"][route[0]]), np.zeros(len(choices))
        for t, s in enumerate(route):
            action = choices[:, slots.index((t, s))]
            gain += np.array(mdp["reward"][s])[action]
            if t + 1 < mdp["horizon"]:
                chance = chance * np.array(mdp["transition"][s])[action, route[t + 1]]
        value += chance * gain
    return float(value.max())  # dyadic numbers of at most 30 bits: no rounding


class Regularised:
    """E[return] - beta KL(trajectories of pi, trajectories of the reference), as a sum over them."""

    def __init__(self, mdp, beta):
        self.mdp, self.beta = mdp, beta
        self.paths = [(path, chance) for path, chance in trajectories(mdp)
                      if all(mdp["reference"][s][a] > 0 for s, a in path)]
        pairs = sorted({(t, s, a) for path, _ in self.paths for t, (s, a) in enumerate(path)})
        self.index = {pair: i for i, pair in enumerate(pairs)}
        self.pairs = pairs
        slots = sorted({(t, s) for t, s, _ in pairs})
        self.slot = np.array([slots.index((t, s)) for t, s, _ in pairs])
        self.free = [i for i in range(len(pairs)) if i and self.slot[i] == self.slot[i - 1]]
        self.reference = np.array([mdp["reference"][s][a] for _, s, a in pairs])
        self.steps = np.array([[self.index[t, s, a] for t, (s, a) in enumerate(path)] for path, _ in self.paths])
        self.gain = [summed(path, mdp["reward"]) for path, _ in self.paths]
        self.chance = [chance for _, chance in self.paths]

    def policy(self, theta, exact):
        """Action probabilities of the logits theta (the first action of a slot has logit 0)."""
        logit = np.array([mp.mpf(0)] * len(self.pairs) if exact else [0.0] * len(self.pairs))
        logit[self.free] = theta
        weight = np.array([mp.exp(x) for x in logit]) if exact else np.exp(logit)
        weight = weight * self.reference
        total = [weight[self.slot == k].sum() for k in range(self.slot.max() + 1)]
        return np.array([w / total[k] for w, k in zip(weight, self.slot)])

    def totals(self, theta, exact=False):
        """Value, gradient, expected return, KL."""
        kind = (lambda x: mp.mpf(x.numerator) / x.denominator) if exact else float
        pi = self.policy(theta, exact)
        ratio = pi / self.reference
        log = np.array([mp.log(x) for x in ratio]) if exact else np.log(ratio)
        chance, gain = np.array([kind(c) for c in self.chance]), np.array([kind(g) for g in self.gain])
        probability = chance * np.prod(pi[self.steps], axis=1)
        drift = log[self.steps].sum(axis=1)
        score = probability * (gain - self.beta * drift)
        at_pair = np.array([score[(self.steps == i).any(axis=1)].sum() for i in range(len(pi))])
        at_slot = [at_pair[self.slot == k].sum() for k in range(self.slot.max() + 1)]
        gradient = np.array([at_pair[i] - pi[i] * at_slot[self.slot[i]] for i in self.free])
        return score.sum(), gradient, (probability * gain).sum(), (probability * drift).sum()

    def solve(self):
        zero = np.zeros(len(self.free))
        found = optimize.minimize(lambda x: -self.totals(x)[0], zero, jac=lambda x: -self.totals(x)[1],
                                  method="BFGS", options={"gtol": 1e-9, "maxiter": 2000}).x
        small = 1e-5
        hessian = np.array([(self.totals(found + small * e)[1] - self.totals(found - small * e)[1]) / (2 * small)
                            for e in np.eye(len(found))])
        inverse = mp.matrix(np.linalg.inv(hessian).tolist())
        with mp.workdps(40):
            theta = np.array([mp.mpf(x) for x in found])
            for _ in range(12):
                gradient = self.totals(theta, exact=True)[1]
                theta = theta - np.array(list(inverse * mp.matrix(gradient.tolist())))
                if max(abs(g) for g in gradient) < mp.mpf(10) ** -24:
                    break
            else:
                raise RuntimeError("no convergence")
            value, _, gain, kl = self.totals(theta, exact=True)
            pi = self.policy(theta, exact=True)
        rows = []
        for t in range(self.mdp["horizon"]):
            rows.append([])
            for s in range(self.mdp["states"]):
                reached = any((t, s, a) in self.index for a in range(self.mdp["actions"][s]))
                rows[t].append([pi[self.index[t, s, a]] if (t, s, a) in self.index else 0
                                for a in range(self.mdp["actions"][s])] if reached else None)
        return {"beta": self.beta, "value": value, "return": gain, "kl": kl, "policy": rows}


def expected_numbers(mdp):
    paths = [(path, chance * math.prod(Fraction(mdp["reference"][s][a]) for s, a in path))
             for path, chance in trajectories(mdp)]
    assert sum(p for _, p in paths) == 1
    one, two = ([summed(path, mdp[name]) for path, _ in paths] for name in ("reward", "reward2"))
    law = [p for _, p in paths]
    def mean(values):
        return sum(p * x for p, x in zip(law, values))
    occupancy = [[[Fraction(0)] * count for count in mdp["actions"]] for _ in range(mdp["horizon"])]
    for path, p in paths:
        for t, (s, a) in enumerate(path):
            occupancy[t][s][a] += p
    everything = [list(range(count)) for count in mdp["actions"]]
    support = [[a for a in row if mdp["reference"][s][a] > 0] for s, row in enumerate(everything)]
    return {
        "return": mean(one), "return2": mean(two),
        "variance": mean([x * x for x in one]) - mean(one) ** 2,
        "covariance": mean([x * y for x, y in zip(one, two)]) - mean(one) * mean(two),
        "optimum": best_deterministic(mdp, everything),
        "optimum_on_support": best_deterministic(mdp, support),
        "occupancy": occupancy,
        "regularised": [Regularised(mdp, beta).solve() for beta in (0.5, 2)],
    }


def small_mdps(check):
    rng = np.random.RandomState(20240503)
    mdps = [random_mdp(rng, *shape) for shape in MDPS]
    for mdp in mdps:
        if check:
            small_mdp_check(mdp)
        else:
            mdp["expected"] = expected_numbers(mdp)
    if not check:
        write("small_mdps.json", {"mdps": mdps})


def small_mdp_check(mdp):
    """Backward induction, which the numbers in the file do not use."""
    want = expected_numbers(mdp)
    reference = [np.array(row) for row in mdp["reference"]]
    def backward(back):
        value = np.zeros(mdp["states"])
        for _ in range(mdp["horizon"]):
            q = [np.array(r) + np.array(T) @ value for r, T in zip(mdp["reward"], mdp["transition"])]
            value = np.array([back(s, x) for s, x in enumerate(q)])
        return float(np.dot(mdp["start"], value))
    worst = {
        "return": backward(lambda s, q: reference[s] @ q) - float(want["return"]),
        "optimum": backward(lambda s, q: q.max()) - want["optimum"],
        "on support": backward(lambda s, q: q[reference[s] > 0].max()) - want["optimum_on_support"],
    }
    for solved in want["regularised"]:
        b = solved["beta"]
        worst[f"soft {b}"] = backward(lambda s, q: b * np.log(reference[s] @ np.exp(q / b))) - float(solved["value"])
        worst[f"value - return + beta kl {b}"] = float(solved["value"] - solved["return"] + b * solved["kl"])
    # A million plays of the reference.
    rng, size = np.random.RandomState(11), 10 ** 6
    def draw(table):  # one column per row's distribution
        return (rng.random_sample(len(table))[:, None] > np.cumsum(table, axis=1)[:, :-1]).sum(axis=1)
    width = max(mdp["actions"])
    pad = lambda rows: np.array([list(row) + [0.0] * (width - len(row)) for row in rows])
    following = np.array([row + [[1.0] + [0.0] * (mdp["states"] - 1)] * (width - len(row)) for row in mdp["transition"]])
    state, totals = draw(np.tile(mdp["start"], (size, 1))), np.zeros((2, size))
    for t in range(mdp["horizon"]):
        action = draw(pad(mdp["reference"])[state])
        totals += [pad(mdp[name])[state, action] for name in ("reward", "reward2")]
        state = draw(following[state, action])
    played = np.cov(totals)
    print("  against backward induction:", {k: f"{v:.1e}" for k, v in worst.items()})
    print("  a million plays: return, variance, covariance off by",
          [f"{x:.4f}" for x in (totals[0].mean() - float(want["return"]), played[0, 0] - float(want["variance"]),
                                played[0, 1] - float(want["covariance"]))])


# ---------------------------------------------------------------- labels
#
# Information in one label about w: E[p'^2 / (p (1 - p)) d d'], with d ~ N(0, 2 I). In the direction
# of w, z = w.d / |w| decides p; across it d is independent of p. So I = a uu' + b (1 - uu') with
# one-dimensional integrals a and b, and tr(I^-1) = 1/a + 1/b.

LABEL_W = (mp.mpf(1), mp.mpf("-0.5"))


def label_information(flip):
    flip = mp.mpf(flip)
    length = mp.sqrt(mp.fdot(LABEL_W, LABEL_W))
    def weight(z):
        s = 1 / (1 + mp.exp(-length * z))
        p = flip + (1 - 2 * flip) * s
        return ((1 - 2 * flip) * s * (1 - s)) ** 2 / (p * (1 - p)) * mp.exp(-z * z / 4) / mp.sqrt(4 * mp.pi)
    cuts = list(range(-24, 25, 2))
    along = mp.quad(lambda z: weight(z) * z * z, cuts)
    across = 2 * mp.quad(weight, cuts)
    u = [x / length for x in LABEL_W]
    matrix = [[along * u[i] * u[j] + across * ((i == j) - u[i] * u[j]) for j in range(2)] for i in range(2)]
    return matrix, 1 / along + 1 / across


def label_peers():
    """Label probabilities of imitation, B-Pref and APReL, from their definitions."""
    sigma = lambda x: 1 / (1 + mp.exp(-x))
    imitation = []
    for first, second, discount, temperature in [
            ([1, 1, 1], [0, 0, 0], 1, 1), ([1, 2], [2, 1], "0.9", 1), ([2, 1], [1, 2], "0.9", 1),
            ([0, 0], [100, 0], 1, 1), ([1, 1, 1], [0, 0, 0], 1, 2), ([1, 2], [2, 1], "0.9", 0), ([1, 2], [2, 1], 1, 0)]:
        gamma = mp.mpf(discount)
        one, two = (sum(gamma ** t * r for t, r in enumerate(x)) for x in (first, second))
        if temperature == 0:
            p = (mp.sign(one - two) + 1) / 2
        else:
            p = 1 / (1 + mp.exp(min(50, max(-50, (two - one) / temperature))))
        imitation.append({"first": first, "second": second, "discount": gamma, "temperature": temperature, "first_preferred": p})
    noise = [{"noise": mp.mpf(e), "clean": mp.mpf(p), "noisy": mp.mpf(e) / 2 + (1 - mp.mpf(e)) * mp.mpf(p)}
             for e, p in [("0.1", "0.8"), ("0.25", "0.95"), ("1", "0.3")]]
    # Stochastic teachers: the chance of label 1, "second preferred", after flips; no skip, no tie.
    bpref = []
    for first, second, beta, gamma, flip in [
            ([1, 2], [2, 1], 1, 1, 0), ([1, 2], [2, 1], 1, "0.9", 0), ([1, 1, 1], [0, 0, 0], 1, 1, 0),
            ([1, 1, 1], [0, 0, 0], 1, 1, "0.1"), ([1, 2], [2, 1], "0.5", "0.9", "0.1"),
            ([1, 2], [2, 1], -1, "0.9", "0.1"), ([1, 2], [2, 1], -1, 1, 0)]:
        gamma, flip, beta = mp.mpf(gamma), mp.mpf(flip), mp.mpf(beta)
        one, two = (sum(gamma ** (len(x) - 1 - t) * r for t, r in enumerate(x)) for x in (first, second))
        p = sigma(beta * (two - one)) if beta > 0 else mp.mpf(one < two)
        bpref.append({"first": first, "second": second, "beta": beta, "gamma": gamma, "mistake": flip,
                      "second_preferred": flip + (1 - 2 * flip) * p})
    aprel = []
    for one, two, delta in [(1, 0, "0.1"), (0, 0, "0.1"), (0, 2, "0.1"), (1, "0.5", "1"), (1, 0, "0")]:
        one, two, delta = mp.mpf(one), mp.mpf(two), mp.mpf(delta)
        a, b = 1 / (1 + mp.exp(delta + two - one)), 1 / (1 + mp.exp(delta + one - two))
        tie = (mp.exp(2 * delta) - 1) * a * b
        assert abs(a + b + tie - 1) < mp.mpf(10) ** -20
        aprel.append({"first_return": one, "second_return": two, "delta": delta, "first": a, "second": b, "tie": tie})
    return {"imitation": imitation, "imitation_noise": noise, "bpref": bpref, "aprel": aprel}


def labels(check):
    with mp.workdps(25):
        if check:
            # The plane integral, trapezoid on a square grid.
            d = np.arange(-20, 20.0001, 0.05)
            x, y = np.meshgrid(d, d, indexing="ij")
            law = np.exp(-(x ** 2 + y ** 2) / 4) / (4 * math.pi) * 0.05 ** 2
            s, rest = special.expit(x - 0.5 * y), special.expit(0.5 * y - x)
            for flip in (0, 0.1):
                keep = 1 - 2 * flip
                weight = law * (keep * s * rest) ** 2 / ((flip + keep * s) * (flip + keep * rest))
                plane = np.array([[np.sum(weight * a * b) for b in (x, y)] for a in (x, y)])
                matrix, trace = label_information(str(flip))
                report(f"flips {flip}: information, plane grid", np.abs(plane - np.array(matrix, dtype=float)).max())
                report("  trace of the inverse", np.trace(np.linalg.inv(plane)) - float(trace))
            return
        information = []
        for flip in ("0", "0.1"):
            matrix, trace = label_information(flip)
            information.append({"flip": float(flip), "information": matrix, "trace_of_inverse": trace})
        write("labels.json", {"weights": LABEL_W, "difference_variance": 2, "information": information, **label_peers()})


# ---------------------------------------------------------------- hard fits


def damped_newton(rows, label, l2, flip, start):
    """The local optimum next to `start`, at the working precision."""
    w, size = mp.matrix(start), len(start)
    excess = lambda w: bt_objective(w, rows, label, l2, flip)
    while True:
        gradient = mp.matrix([l2 * x for x in w])
        hessian = l2 * mp.eye(size)
        for d, y in zip(rows, label):
            s, t = 1 / (1 + mp.exp(-mp.fdot(w, d))), 1 / (1 + mp.exp(mp.fdot(w, d)))
            rise = (1 - 2 * flip) * s * t
            a, b = rise / (flip + (1 - 2 * flip) * s), rise / (flip + (1 - 2 * flip) * t)
            pull = y * a - (1 - y) * b
            bend = y * a * a + (1 - y) * b * b - pull * (t - s)
            for i in range(size):
                gradient[i] -= pull * d[i]
                for j in range(size):
                    hessian[i, j] += bend * d[i] * d[j]
        step = mp.lu_solve(hessian, gradient)
        length, here = mp.mpf(1), excess(w)
        while excess(w - length * step) > here and length > mp.mpf(10) ** -30:
            length /= 2
        w -= length * step
        if max(abs(mp.fdot(step, d)) for d in rows) < mp.mpf(10) ** -25:
            return w


def lowest_of_many_starts(rows, label, l2, flip):
    """The lowest end of BFGS from 0 and from 60 random starts."""
    d, y = np.array(rows, dtype=float), np.array(label, dtype=float)

    def objective(w):
        s = special.expit(d @ w)
        p = flip + (1 - 2 * flip) * s
        pull = (1 - 2 * flip) * s * (1 - s) * (y / p - (1 - y) / (1 - p))
        value = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum() + l2 / 2 * w @ w
        return value, l2 * w - pull @ d

    rng = np.random.RandomState(20241128)
    starts = [np.zeros(d.shape[1])]
    starts += [scale * rng.standard_normal(d.shape[1]) for scale in (0.3, 1, 3) for _ in range(20)]
    ends = [optimize.minimize(objective, w, jac=True, method="BFGS") for w in starts]
    return min(ends, key=lambda end: end.fun).x


def hard_fits(check):
    given = json.loads((HERE / "hard_fits.json").read_text())
    data = {}
    with mp.workdps(BT_DIGITS):
        for name, case in given.items():
            rows = [[mp.mpf(x) / 100 for x in row] for row in case["hundredths"]]
            label = [mp.mpf(y) for y in case["label"]]
            fits = []
            for l2, flip in {"ridge": [(f"1e{k}", "0") for k in RIDGES], "flips": [("0.1", "0.3")]}[name]:
                start = mp.zeros(len(rows[0]), 1)
                if flip != "0":
                    start = lowest_of_many_starts(rows, label, float(l2), float(flip))
                w = damped_newton(rows, label, mp.mpf(l2), mp.mpf(flip), start)
                fits.append({"l2": float(l2), "flip": float(flip), "weights": list(w)})
            data[name] = {"hundredths": case["hundredths"], "label": case["label"], "fits": fits}
        if check:
            for name, case in data.items():
                for new, old in zip(case["fits"], given[name]["fits"]):
                    apart = max(abs(a / b - 1) for a, b in zip(new["weights"], old["weights"]))
                    report(f"{name}, l2 {new['l2']}: weights", apart)
            return
        write("hard_fits.json", data)


RIDGES = (-20, -15, -10, -5, 0, 5, 10, 20)

# ----------------------------------------------------------------

PARTS = [bradley_terry, order_statistics, heavy_tails, wrong_overseer, small_mdps, labels, hard_fits]

if __name__ == "__main__":
    asked = [name for name in sys.argv[1:] if name != "--check"]
    unknown = set(asked) - {part.__name__ for part in PARTS}
    if unknown:
        sys.exit(f"no such part: {', '.join(sorted(unknown))}")
    for part in PARTS:
        if not asked or part.__name__ in asked:
            if "--check" in sys.argv:
                print(part.__name__)
            part("--check" in sys.argv)
