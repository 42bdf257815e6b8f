"""A method of one's own: Bradley-Terry by Newton, on pairs drawn uniformly.

    oversight run overseer_is_wrong --method mine="python3 examples/method.py"

It speaks JSON lines (`oversight dialogue --help`): requests go to standard output, answers come from standard input.
"""

import json
import sys
from math import exp

L2 = 0.1


def ask(request):
    print(json.dumps(request), flush=True)
    answer = json.loads(sys.stdin.readline())
    if "error" in answer:
        sys.exit(answer["error"])
    return answer


def solve(a, b):
    """x in a x = b for a positive definite a, by elimination."""
    rows = [row + [y] for row, y in zip(a, b)]
    for i, pivot in enumerate(rows):
        for row in rows[i + 1 :]:
            factor = row[i] / pivot[i]
            for j in range(i, len(row)):
                row[j] -= factor * pivot[j]
    x = []
    for i, row in reversed(list(enumerate(rows))):
        x.insert(0, (row[-1] - sum(r * y for r, y in zip(row[i + 1 :], x))) / row[i])
    return x


def bradley_terry(differences, labels, size):
    """Weights that minimise the sum of log losses and L2/2 |w|^2."""
    w = [0.0] * size
    for _ in range(50):
        gradient = [L2 * x for x in w]
        hessian = [[L2 * (i == j) for j in range(size)] for i in range(size)]
        for d, y in zip(differences, labels):
            z = sum(x * u for x, u in zip(d, w))
            p = 1 / (1 + exp(-z)) if z > 0 else exp(z) / (1 + exp(z))
            for i in range(size):
                gradient[i] += (p - y) * d[i]
                for j in range(size):
                    hessian[i][j] += p * (1 - p) * d[i] * d[j]
        step = solve(hessian, gradient)
        w = [x - s for x, s in zip(w, step)]
        if max(map(abs, step)) < 1e-10:
            break
    return w


def main():
    there = json.loads(sys.stdin.readline())
    names, rounds = there["features"], there["rounds"]
    differences, labels = [], []
    for turn in range(rounds):
        share = there["queries"] // rounds + (turn < there["queries"] % rounds)
        pairs = ask({"pairs": share})["pairs"]
        answers = ask({"ask": [pair["id"] for pair in pairs]})["labels"]
        for pair, label in zip(pairs, answers):
            if label is not None:
                differences.append([pair["first"][name] - pair["second"][name] for name in names])
                labels.append(label)
        w = bradley_terry(differences, labels, len(names))
        ask({"reward": {"weights": dict(zip(names, w))}})


main()
