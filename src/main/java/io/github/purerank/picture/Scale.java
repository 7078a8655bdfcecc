package io.github.purerank.picture;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Round numbers over a range: 1, 2 or 5 times a power of ten apart.
 *
 * @param first the first of them, at or below the range
 * @param step how far they are apart
 * @param count how many steps it takes to reach the range's end
 */
record Scale(double first, double step, int count) {
    /** Powers of ten whose multiples are written with all their digits; others have an exponent. */
    private static final int MIN_PLAIN = -6;

    private static final int MAX_PLAIN = 6;

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
        BigDecimal value = new BigDecimal(at(steps)).setScale(-exponent, RoundingMode.HALF_EVEN);
        if (value.signum() == 0 || exponent >= MIN_PLAIN && exponent <= MAX_PLAIN) {
            return value.setScale(exponent >= MIN_PLAIN ? Math.max(0, -exponent) : 0)
                    .toPlainString();
        }
        return value.stripTrailingZeros().toString();
    }
}
