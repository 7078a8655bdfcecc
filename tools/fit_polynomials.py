#!/usr/bin/env python3
"""
Fits the coefficients in kernel/Polynomials.java: exp as a polynomial, erf and tanh as x * P(x^2) / Q(x^2).

    python tools/fit_polynomials.py          # needs mpmath and numpy

Minimax fits of the relative error in 60-digit arithmetic (Lawson's reweighting; for the quotients, Sanathanan and Koerner's
linearisation inside it), coefficients then rounded to float32. What the float32 evaluation really reaches is measured by
PolynomialsTest over a dense sweep; the figures printed here are those of the exact arithmetic with rounded coefficients.
"""
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


def quotient(name, function, slope, clamp, numerator_degree, denominator_degree):
    target = lambda u: slope if u == 0 else function(mp.sqrt(u)) / mp.sqrt(u)
    p, q = fit_quotient(target, clamp**2, numerator_degree, denominator_degree)
    p, q = rounded(p), rounded(q)
    worst = max(abs(mp.polyval(p[::-1], u) / mp.polyval(q[::-1], u) / target(u) - 1) for u in chebyshev_nodes(mp.mpf(0), mp.mpf(clamp) ** 2, 2000))
    print(f"-- {name}: |x| <= {clamp}, relative error {mp.nstr(worst * 2**24, 4)} x 2^-24")
    show("numerator, x^0 first", p)
    show("denominator, x^0 first", q)


if __name__ == "__main__":
    # exp(r) = 1 + r + r^2 * T(r), |r| <= ln(2) / 2; the first two coefficients are exact so that exp(0) = 1.
    bound = mp.log(2) / 2 * mp.mpf("1.0001")
    tail = rounded(fit_polynomial(lambda r: mp.mpf("0.5") if r == 0 else (mp.exp(r) - 1 - r) / r**2, -bound, bound, 4))
    worst = max(abs((1 + r + r * r * mp.polyval(tail[::-1], r)) / mp.exp(r) - 1) for r in chebyshev_nodes(-bound, bound, 2000))
    print(f"-- exp: relative error {mp.nstr(worst * 2**24, 4)} x 2^-24")
    show("tail, r^0 first", tail)
    quotient("erf", mp.erf, 2 / mp.sqrt(mp.pi), 4.0, 6, 5)
    quotient("erf", mp.erf, 2 / mp.sqrt(mp.pi), 4.0, 6, 4)
    quotient("erf", mp.erf, 2 / mp.sqrt(mp.pi), 4.0, 5, 5)
    quotient("tanh", mp.tanh, mp.mpf(1), 9.0, 6, 4)
    quotient("tanh", mp.tanh, mp.mpf(1), 9.0, 6, 3)
    quotient("tanh", mp.tanh, mp.mpf(1), 9.0, 5, 4)
