#!/usr/bin/env python3
"""
Fits the coefficients in kernel/Polynomials.java: exp as a polynomial, erf and tanh as x * P(x^2) / Q(x^2).

    python tools/fit_polynomials.py          # needs mpmath and numpy

Minimax fits of the relative error in 60-digit arithmetic (Lawson's reweighting; for the quotients, Sanathanan and Koerner's
linearisation inside it), coefficients then rounded to float32. Those of the quotients are then varied by units of the last
place until float32 arithmetic does best, gives exactly 1 at the end of the range and never more than 1. What the code really
reaches is measured by PolynomialsTest over a dense sweep.
"""
import math

import mpmath as mp
import numpy as np

mp.mp.dps = 60


def chebyshev_nodes(low, high, count):
    return [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * count)) for i in range(count)]


def least_squares(rows, values):
    a, b = mp.matrix(rows), mp.matrix(values)
    return list(mp.lu_solve(a.T * a, a.T * b))


def fit_quotient(target, high, numerator_degree, denominator_degree, rounds=40):
    """P, Q with P(u)/Q(u) ~ target(u) on [0, high], Q(0) = 1, relative error minimal."""
    nodes = chebyshev_nodes(mp.mpf(0), mp.mpf(high), 160)
    values = [target(u) for u in nodes]
    weights, previous = [mp.mpf(1)] * len(nodes), [mp.mpf(1)] * len(nodes)
    for _ in range(rounds):
        rows, right = [], []
        for u, f, w, q in zip(nodes, values, weights, previous):
            s = mp.sqrt(w) / (abs(f) * q)
            rows.append([s * u**i for i in range(numerator_degree + 1)] + [-s * f * u**i for i in range(1, denominator_degree + 1)])
            right.append(s * f)
        x = least_squares(rows, right)
        p, q = x[: numerator_degree + 1], [mp.mpf(1)] + x[numerator_degree + 1 :]
        previous = [mp.polyval(q[::-1], u) for u in nodes]
        errors = [abs(mp.polyval(p[::-1], u) / d / f - 1) for u, f, d in zip(nodes, values, previous)]
        worst = max(errors)
        weights = [w * (e / worst + mp.mpf("1e-3")) for w, e in zip(weights, errors)]
        total = sum(weights)
        weights = [w / total for w in weights]
    return p, q


def fit_polynomial(target, low, high, degree, rounds=40):
    nodes = chebyshev_nodes(mp.mpf(low), mp.mpf(high), 160)
    values = [target(x) for x in nodes]
    weights = [mp.mpf(1)] * len(nodes)
    for _ in range(rounds):
        rows = [[mp.sqrt(w) * x**i for i in range(degree + 1)] for x, w in zip(nodes, weights)]
        c = least_squares(rows, [mp.sqrt(w) * f for w, f in zip(weights, values)])
        errors = [abs(mp.polyval(c[::-1], x) - f) for x, f in zip(nodes, values)]
        worst = max(errors)
        weights = [w * (e / worst + mp.mpf("1e-3")) for w, e in zip(weights, errors)]
    return c


def rounded(coefficients):
    return [mp.mpf(float(np.float32(float(c)))) for c in coefficients]


def show(name, coefficients):
    print(f"{name}:", ", ".join(f"{np.float32(float(c))!s}f" for c in coefficients))


def evaluate(p, q, x):
    """x * P(x^2) / Q(x^2) as the code computes it; a multiply-add by way of float64, which all but never rounds differently."""

    def horner(coefficients):
        total = np.full_like(u, coefficients[-1])
        for c in coefficients[-2::-1]:
            total = (total.astype(np.float64) * u + np.float64(c)).astype(np.float32)
        return total

    u = x * x
    return x * horner(p) / horner(q)


def polish(function, p, q, limit, seed, steps=200_000):
    """Simulated annealing over the coefficients' last places; coefficients that are exactly 1 stay."""
    rng = np.random.default_rng(seed)
    x = np.concatenate([np.linspace(0, limit, 3000)[1:], np.geomspace(1e-3, limit, 1500), limit * (1 - np.geomspace(1e-7, 0.3, 1500)), [limit]])
    x = x.astype(np.float32)
    exact = np.array([function(float(v)) for v in x])
    ulp = np.spacing(exact.astype(np.float32)).astype(np.float64)

    def cost(c):
        """The largest error, and a little of the mean error to tell candidates apart."""
        y = evaluate(c[: len(p)], c[len(p) :], x)
        error = np.abs(y - exact) / ulp
        return 100 * (y[-1] != 1) + 10 * (y.max() > 1) + error.max() + 0.01 * math.sqrt((error**2).mean())

    current = best = np.array(p + q, dtype=np.float32)
    free = [i for i, c in enumerate(current) if c != 1]
    current_cost = best_cost = cost(best)
    for _ in range(steps):
        changed = current.copy()
        for i in rng.choice(free, rng.integers(1, 4), replace=False):
            changed[i] += np.float32(rng.integers(-4, 5)) * np.spacing(abs(changed[i]))
        changed_cost = cost(changed)
        if changed_cost < current_cost or rng.random() < math.exp((current_cost - changed_cost) / 0.03):
            current, current_cost = changed, changed_cost
        if changed_cost < best_cost:
            best, best_cost = changed, changed_cost
    return best[: len(p)], best[len(p) :], best_cost


def quotient(name, function, float_function, slope, limit, numerator_degree, denominator_degree):
    target = lambda u: slope if u == 0 else function(mp.sqrt(u)) / mp.sqrt(u)
    p, q = fit_quotient(target, limit**2, numerator_degree, denominator_degree)
    if slope == 1:
        p[0] = mp.mpf(1)
    floats = [float(c) for c in p], [float(c) for c in q]
    p, q, error = min((polish(float_function, *floats, limit, seed) for seed in range(4)), key=lambda result: result[2])
    print(f"-- {name}: |x| <= {limit}, {error:.3g} ulp")
    show("numerator, x^0 first", p)
    show("denominator, x^0 first", q)


if __name__ == "__main__":
    # exp(r) = 1 + r + r^2 * T(r), |r| <= ln(2) / 2; the first two coefficients are exact so that exp(0) = 1.
    bound = mp.log(2) / 2 * mp.mpf("1.0001")
    tail = rounded(fit_polynomial(lambda r: mp.mpf("0.5") if r == 0 else (mp.exp(r) - 1 - r) / r**2, -bound, bound, 4))
    worst = max(abs((1 + r + r * r * mp.polyval(tail[::-1], r)) / mp.exp(r) - 1) for r in chebyshev_nodes(-bound, bound, 2000))
    print(f"-- exp: relative error {mp.nstr(worst * 2**24, 4)} x 2^-24")
    show("tail, r^0 first", tail)
    # The limits are a little beyond where the functions round to 1.
    quotient("erf", mp.erf, math.erf, 2 / mp.sqrt(mp.pi), 3.92, 5, 5)
    quotient("tanh", mp.tanh, math.tanh, mp.mpf(1), 9.02, 5, 4)
