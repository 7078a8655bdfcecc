package io.github.purerank.picture;

import java.util.Locale;

/**
 * Round numbers over a range: 1, 2 or 5 times a power of ten apart.
 *
 * @param first the first of them, at or below the range
 * @param step how far they are apart
 * @param count how many steps it takes to reach the range's end
 */
record Scale(double first, double step, int count) {
    /**
     * Round numbers that enclose a range.
     *
     * @param wanted about how many steps to make of it
     */
    static Scale around(double min, double max, int wanted) {
        double rough = (max - min) / wanted;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = 10 * power;
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power >= rough * (1 - 1e-9)) {
                step = factor * power;
                break;
            }
        }
        double first = Math.floor(min / step) * step;
        return new Scale(first, step, Math.max(1, (int) Math.ceil((max - first) / step - 1e-9)));
    }

    double last() {
        return at(count);
    }

    /** The number after some steps. */
    double at(int steps) {
        return first + steps * step;
    }

    /** The number after some steps as text, with as many decimals as the step has. */
    String label(int steps) {
        int exponent = (int) Math.floor(Math.log10(step) + 1e-9);
        // Adding 0 keeps -0 from being written as such.
        double value = Math.rint(at(steps) / step) * step + 0.0;
        if (exponent < -6 || exponent > 6) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        return String.format(Locale.ROOT, "%." + Math.max(0, -exponent) + "f", value);
    }
}
