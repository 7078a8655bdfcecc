package io.github.purerank.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Scores as text. */
final class Numbers {
    private Numbers() {}

    /**
     * A float as the decimal that a double of the same value is written with: reading it as a float or as a double gives the
     * float back. JDK 17 and 19 differ in {@code Double.toString}; this is the same everywhere.
     */
    static String full(float value) {
        return full((double) value);
    }

    /** A double as a decimal that gives it back. */
    static String full(double value) {
        if (!Double.isFinite(value)) {
            // JSON has no such numbers; Python's reads and writes these.
            return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(value);
        BigDecimal shortest = exact;
        for (int digits = 15; digits <= 17; digits++) {
            shortest = exact.round(new MathContext(digits));
            if (shortest.doubleValue() == value) {
                break;
            }
        }
        shortest = shortest.stripTrailingZeros();
        return shortest.scale() <= 0 && shortest.precision() - shortest.scale() <= 17
                ? shortest.toPlainString() + ".0"
                : shortest.toString();
    }

    /** For people: four places after the point. */
    static String brief(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
