#!/usr/bin/env python3
"""Reference numbers for `oversight fit`, by methods the crate does not use.

    pip install numpy scipy mpmath
    python reference_fit.py             write fit.json beside this script (about a minute)
    python reference_fit.py --check     write nothing; compare with what is there

The negative log-posterior is written down answer by answer, with chances as differences of logistic
functions. BFGS finds the minimum (of several where annotators have reliabilities), and Newton's steps whose
derivatives are central differences at 80 digits make it exact to 15. Covariances are the inverse of that
Hessian; of items, C H^-1 C with C = I - 11'/m. Circular triads are counted one by one.
"""

import itertools
import json
import sys

import mpmath as mp
import numpy as np
from scipy import optimize

from reference import HERE, report, write

mp.mp.dps = 80
STEP = mp.mpf(10) ** -20


def sigma(x):
    return 1 / (1 + mp.exp(-x))


def cuts(levels, theta):
    """Thresholds between so many levels, symmetric about 0."""
    inner = [mp.mpf(0)] if levels % 2 == 0 else []
    return [-t for t in reversed(theta)] + inner + list(theta)


class Model:
    """Parameters are weights, thresholds, reliabilities."""

    def __init__(self, rows, labels, l2, levels=None, who=None, items=True):
        self.rows, self.labels, self.l2, self.levels, self.who = rows, labels, mp.mpf(l2), levels, who
        self.items, self.width = items, len(rows[0])
        self.thresholds = (len(levels) - 1) // 2 if levels else 0
        self.annotators = max(who) + 1 if who else 0

    def loss(self, p):
        w, theta = p[:self.width], p[self.width:self.width + self.thresholds]
        r = p[self.width + self.thresholds:]
        total = self.l2 / 2 * mp.fdot(p[:self.width + self.thresholds], p[:self.width + self.thresholds])
        total += sum((x - 1) ** 2 for x in r) / 2
        c = [-mp.inf] + cuts(len(self.levels), theta) + [mp.inf] if self.levels else None
        for i, (d, y) in enumerate(zip(self.rows, self.labels)):
            x = mp.fdot(w, d) * (r[self.who[i]] if self.who else 1)
            if self.levels:
                k = self.levels.index(y)
                upper = mp.mpf(0) if k == len(self.levels) - 1 else sigma(x - c[k + 1])
                lower = mp.mpf(1) if k == 0 else sigma(x - c[k])
                chance = lower - upper
                if chance <= 0:
                    return mp.inf
                total -= mp.log(chance)
            else:
                total -= y * mp.log(sigma(x)) + (1 - y) * mp.log(sigma(-x))
        return total

    def derivatives(self, p):
        n = len(p)
        def at(*moves):
            q = list(p)
            for j, h in moves:
                q[j] += h
            return self.loss(q)
        here = self.loss(p)
        up, down = [at((j, STEP)) for j in range(n)], [at((j, -STEP)) for j in range(n)]
        gradient = mp.matrix([(a - b) / (2 * STEP) for a, b in zip(up, down)])
        hessian = mp.matrix(n, n)
        for i in range(n):
            hessian[i, i] = (up[i] - 2 * here + down[i]) / STEP ** 2
            for j in range(i):
                both = at((i, STEP), (j, STEP)) + at((i, -STEP), (j, -STEP))
                mixed = (both - up[i] - up[j] - down[i] - down[j] + 2 * here) / (2 * STEP ** 2)
                hessian[i, j] = hessian[j, i] = mixed
        return gradient, hessian

    def anchored(self, hessian):
        """Scores have no common level; 11' gives them one, and C takes it away again."""
        if self.items:
            hessian = hessian.copy()
            for i, j in itertools.product(range(self.width), repeat=2):
                hessian[i, j] += 1
        return hessian

    def solve(self):
        n = self.width + self.thresholds + self.annotators
        rng = np.random.RandomState(7)
        def plain(q):
            with mp.workdps(20):
                return min(float(self.loss([mp.mpf(x) for x in q])), 1e6)
        theta = [0.5 + q for q in range(self.thresholds)]
        starts = [np.concatenate([np.zeros(self.width), theta, np.ones(self.annotators)])]
        if self.who:
            starts += [np.concatenate([rng.standard_normal(self.width), theta, rng.standard_normal(self.annotators)])
                       for _ in range(8)]
        ends = [optimize.minimize(plain, start, method="BFGS", options={"gtol": 1e-4}) for start in starts]
        p = [mp.mpf(x) for x in min(ends, key=lambda end: end.fun).x]
        if self.items:
            mean = sum(p[:self.width]) / self.width
            p[:self.width] = [x - mean for x in p[:self.width]]
        for _ in range(30):
            gradient, hessian = self.derivatives(p)
            step = mp.lu_solve(self.anchored(hessian), gradient)
            p = [x - s for x, s in zip(p, step)]
            if mp.norm(step) < mp.mpf(10) ** -18:
                break
        covariance = self.anchored(self.derivatives(p)[1]) ** -1
        if self.items:
            center = mp.eye(n)
            for i, j in itertools.product(range(self.width), repeat=2):
                center[i, j] -= mp.mpf(1) / self.width
            covariance = center * covariance * center
        return p, [mp.sqrt(covariance[j, j]) for j in range(n)]


def triads(names, pairs, labels):
    """Circular triads, and those each of whose pairs has a majority."""
    margin = {}
    for (a, b), y in zip(pairs, labels):
        margin[a, b] = margin.get((a, b), 0) + (y > 0.5) - (y < 0.5)
        margin[b, a] = margin.get((b, a), 0) - (y > 0.5) + (y < 0.5)
    beats = lambda a, b: margin.get((a, b), 0) > 0
    decided = circular = 0
    for three in itertools.combinations(names, 3):
        if all(beats(a, b) or beats(b, a) for a, b in itertools.combinations(three, 2)):
            decided += 1
            circular += all(sum(beats(a, b) for b in three) == 1 for a in three)
    return {"decided": decided, "circular": circular}


# ---------------------------------------------------------------- the data

def item_rows(pairs, count):
    rows = []
    for a, b in pairs:
        row = [mp.mpf(0)] * count
        row[a], row[b] = mp.mpf(1), mp.mpf(-1)
        rows.append(row)
    return rows


def text(value):
    return f"{float(value):g}"


def items_case(arguments, pairs, labels, l2, levels=None, who=None):
    count = max(max(pair) for pair in pairs) + 1
    header = "first,second,label" + (",annotator" if who else "") + "\n"
    lines = [f"m{a},m{b},{text(y)}" + (f",a{who[i]}" if who else "") + "\n"
             for i, ((a, b), y) in enumerate(zip(pairs, labels))]
    model = Model(item_rows(pairs, count), labels, l2, levels, who)
    p, se = model.solve()
    names = [f"m{j}" for j in range(count)]
    return {"csv": header + "".join(lines), "arguments": arguments, "of": "items"} | parts(model, names, p, se) | {
        "triads": triads(range(count), pairs, labels)}


def parts(model, names, p, se):
    named = lambda names, start: {name: [p[start + j], se[start + j]] for j, name in enumerate(names)}
    middle = model.width + model.thresholds
    return {
        "estimates": named(names, 0),
        "thresholds": [[p[j], se[j]] for j in range(model.width, middle)],
        "annotators": named([f"a{j}" for j in range(model.annotators)], middle),
    }


def features_case(arguments, rows, labels, l2, levels):
    lines = ["first_a,first_b,second_a,second_b,query,label\n"]
    lines += [",".join(row) + f",{i},{text(y)}\n" for i, (row, y) in enumerate(zip(rows, labels))]
    differences = [[mp.mpf(row[0]) - mp.mpf(row[2]), mp.mpf(row[1]) - mp.mpf(row[3])] for row in rows]
    model = Model(differences, labels, l2, levels, items=False)
    p, se = model.solve()
    return {"csv": "".join(lines), "arguments": arguments, "of": "features"} | parts(model, ["a", "b"], p, se)


def draw_items(rng, count, n, scale=1.0):
    score = scale * rng.standard_normal(count)
    pairs = [tuple(int(x) for x in rng.choice(count, 2, replace=False)) for _ in range(n)]
    noise = rng.logistic(size=n)
    return pairs, [score[a] - score[b] + e for (a, b), e in zip(pairs, noise)]


def all_cases():
    rng = np.random.RandomState(20241129)
    pairs, latent = draw_items(rng, 7, 70)
    tied = [mp.mpf(1) if z > 0.4 else mp.mpf(0) if z < -0.4 else mp.mpf("0.5") for z in latent]
    three = [mp.mpf(0), mp.mpf("0.5"), mp.mpf(1)]
    yield "ties", items_case([], pairs, tied, "0.1")
    yield "ties, maximum likelihood", items_case(["--l2", "0"], pairs, tied, "0")
    yield "ties with a threshold", items_case(["--graded", "--l2", "2"], pairs, tied, "2", three)
    yield "ties with a threshold, maximum likelihood", items_case(["--graded", "--l2", "0"], pairs, tied, "0", three)
    chain = [(0, 1), (1, 2), (0, 2), (3, 4), (3, 4), (0, 1)]
    yield "separable and in two parts", items_case([], chain, [mp.mpf(1)] * 3 + [mp.mpf("0.5"), mp.mpf(1), mp.mpf(1)], "0.1")
    rows = [[f"{x:.2f}" for x in row] for row in rng.standard_normal((80, 4))]
    latent = [1.2 * (float(r[0]) - float(r[2])) - 0.6 * (float(r[1]) - float(r[3])) + rng.logistic() for r in rows]
    grade = lambda z, inner: mp.mpf(int(np.searchsorted([-1.5, -inner, inner, 1.5], z))) / 4
    five = [mp.mpf(k) / 4 for k in range(5)]
    yield "five grades", features_case([], rows, [grade(z, 0.4) for z in latent], "0.1", five)
    yield "five grades, maximum likelihood", features_case(["--l2", "0"], rows, [grade(z, 0.4) for z in latent], "0", five)
    four = [k for k in five if k != 0.5]
    yield "four grades", features_case([], rows, [grade(z, 0.0) for z in latent], "0.1", four)
    pairs, latent = draw_items(rng, 5, 160, 1.5)
    who = [int(x) for x in rng.choice(3, 160)]
    reliability = [1.5, 0.0, -0.7]
    score = {}
    labels = []
    noise = rng.logistic(size=160)
    truth = [-1.5, -0.7, 0.0, 0.8, 1.4]
    for (a, b), k, e in zip(pairs, who, noise):
        labels.append(mp.mpf(int(reliability[k] * (truth[a] - truth[b]) + e > 0)))
    yield "annotators", items_case([], pairs, labels, "0.1", who=who)
    pairs = [pair for pair in itertools.combinations(range(6), 2)]
    yield "everybody once", items_case(["--l2", "1"], pairs, [mp.mpf(int(x)) for x in rng.randint(0, 2, len(pairs))], "1")


def largest(new, old):
    if isinstance(new, dict):
        return max((largest(new[key], old[key]) for key in new), default=0)
    if isinstance(new, (list, tuple)):
        return max((largest(a, b) for a, b in zip(new, old)), default=0)
    return 0 if isinstance(new, str) else abs(mp.mpf(new) - mp.mpf(old))


if __name__ == "__main__":
    cases = dict(all_cases())
    if "--check" in sys.argv:
        given = json.loads((HERE / "fit.json").read_text())
        for name, case in cases.items():
            report(f"{name}: largest difference", largest(case, given[name]))
    else:
        write("fit.json", cases)
