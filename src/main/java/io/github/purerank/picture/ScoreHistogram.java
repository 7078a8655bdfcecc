package io.github.purerank.picture;

/** Draws a {@link ScoreDistribution}. For one thread and one picture. */
final class ScoreHistogram {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 430;
    private static final double LEFT = 70;
    private static final double RIGHT = WIDTH - 30;
    private static final double TOP = 112;
    private static final double BOTTOM = HEIGHT - 64;

    /** About how many intervals the scores are counted in, at least and at most; few scores in narrow ones show nothing. */
    private static final int MIN_INTERVALS = 12;

    private static final int MAX_INTERVALS = 40;

    /** About how many numbers stand at the axes. */
    private static final int X_TICKS = 8;

    private static final int Y_TICKS = 5;

    private static final String DASHES = "7 4";

    private final ScoreDistribution scores;
    private final Scale intervals;
    private final double[] relevantShares;
    private final double[] irrelevantShares;
    private final Scale height;
    private final Svg svg;

    ScoreHistogram(ScoreDistribution scores) {
        this.scores = scores;
        this.intervals = intervals(scores);
        this.relevantShares = shares(scores.relevant());
        this.irrelevantShares = shares(scores.irrelevant());
        this.height = Scale.around(0, Math.max(highest(relevantShares), highest(irrelevantShares)), Y_TICKS);
        this.svg = new Svg(WIDTH, HEIGHT, "Scores of relevant and irrelevant pairs", scores.inWords());
    }

    private static Scale intervals(ScoreDistribution scores) {
        double min = scores.hasThreshold() ? scores.threshold() : Double.POSITIVE_INFINITY;
        double max = scores.hasThreshold() ? scores.threshold() : Double.NEGATIVE_INFINITY;
        for (double[] sorted : new double[][] {scores.relevant(), scores.irrelevant()}) {
            if (sorted.length > 0) {
                min = Math.min(min, sorted[0]);
                max = Math.max(max, sorted[sorted.length - 1]);
            }
        }
        // Too narrow a range has no round numbers in it.
        double room = 1e-4 * Math.max(Math.abs(min), Math.abs(max));
        if (max - min <= room) {
            room = Math.max(room, 0.5);
            min -= room;
            max += room;
        }
        int wanted = (int) (2 * Math.sqrt(scores.relevant().length + scores.irrelevant().length));
        return Scale.around(min, max, Math.min(Math.max(wanted, MIN_INTERVALS), MAX_INTERVALS));
    }

    /** The share of the scores in each interval, in per cent; one on a border is in the upper interval. */
    private double[] shares(double[] sorted) {
        double[] shares = new double[intervals.count()];
        for (double score : sorted) {
            int interval = (int) ((score - intervals.first()) / intervals.step() + 1e-9);
            shares[Math.min(Math.max(interval, 0), shares.length - 1)] += 100.0 / sorted.length;
        }
        return shares;
    }

    private static double highest(double[] shares) {
        double highest = 0;
        for (double share : shares) {
            highest = Math.max(highest, share);
        }
        return highest;
    }

    String draw() {
        svg.text(
                "Scores of relevant and irrelevant pairs",
                LEFT,
                36,
                "class",
                "text",
                "font-size",
                18,
                "font-weight",
                600);
        legend();
        axes();
        area(irrelevantShares, "irrelevant", "second hatched", "0.75");
        area(relevantShares, "relevant", "first", "0.35");
        threshold();
        return svg.finish();
    }

    private void legend() {
        double y = 68;
        double x = LEFT;
        swatch(x, y, "first", "0.35");
        x = legendText("relevant, " + ScoreDistribution.pairs(scores.relevant().length), x, y);
        swatch(x, y, "second hatched", "0.75");
        x = legendText("irrelevant, " + ScoreDistribution.pairs(scores.irrelevant().length), x, y);
        if (scores.hasThreshold()) {
            svg.line(x, y - 5, x + 22, y - 5, "ink", "stroke-width", 2, "stroke-dasharray", DASHES);
            legendText(scores.thresholdName() + " at " + ScoreDistribution.brief(scores.threshold()), x, y);
        }
    }

    private void swatch(double x, double y, String style, String opacity) {
        svg.empty("rect", "class", style, "x", x, "y", y - 11, "width", 22, "height", 13, "fill-opacity", opacity);
    }

    /** Returns where the next entry begins: how wide the text is can only be guessed. */
    private double legendText(String text, double x, double y) {
        svg.text(text, x + 30, y, "class", "text");
        return x + 30 + 6.9 * text.length() + 22;
    }

    private void axes() {
        for (int i = 0; i <= height.count(); i++) {
            double y = y(height.at(i));
            svg.line(LEFT, y, RIGHT, y, i == 0 ? "ink" : "faint");
            svg.text(height.label(i), LEFT - 10, y + 4.5, "class", "note", "text-anchor", "end");
        }
        Scale ticks = Scale.around(intervals.first(), intervals.last(), X_TICKS);
        for (int i = 0; i <= ticks.count(); i++) {
            double x = x(ticks.at(i));
            if (x > LEFT - 0.5 && x < RIGHT + 0.5) {
                svg.line(x, BOTTOM, x, BOTTOM + 6, "ink");
                svg.text(ticks.label(i), x, BOTTOM + 22, "class", "note", "text-anchor", "middle");
            }
        }
        svg.text("score", (LEFT + RIGHT) / 2, HEIGHT - 16.0, "class", "text", "text-anchor", "middle");
        double middle = (TOP + BOTTOM) / 2;
        svg.text(
                "share of the class, %",
                22,
                middle,
                "class",
                "text",
                "text-anchor",
                "middle",
                "transform",
                "rotate(-90 22 " + Svg.number(middle) + ")");
    }

    /** One class, as one outline over all intervals; those that have none of its scores are left out at both ends. */
    private void area(double[] shares, String name, String style, String opacity) {
        int begin = 0;
        int end = shares.length;
        while (begin < end && shares[begin] == 0) {
            begin++;
        }
        while (end > begin && shares[end - 1] == 0) {
            end--;
        }
        if (begin == end) {
            return;
        }
        StringBuilder path = new StringBuilder("M" + point(begin, 0));
        for (int i = begin; i < end; i++) {
            path.append(" V").append(Svg.number(y(shares[i])));
            path.append(" H").append(Svg.number(x(intervals.at(i + 1))));
        }
        path.append(" V").append(Svg.number(y(0))).append(" Z");
        svg.open(
                "path",
                "class",
                style,
                "d",
                path,
                "stroke-width",
                "1.8",
                "stroke-linejoin",
                "round",
                "fill-opacity",
                opacity);
        svg.element("title", name);
        svg.close();
    }

    private void threshold() {
        if (!scores.hasThreshold()) {
            return;
        }
        double x = x(scores.threshold());
        svg.line(x, TOP - 18, x, BOTTOM, "ink", "stroke-width", 2, "stroke-dasharray", DASHES);
        boolean nearRight = x > RIGHT - 70;
        svg.text(
                ScoreDistribution.brief(scores.threshold()),
                nearRight ? x - 7 : x + 7,
                TOP - 8,
                "class",
                "text",
                "font-weight",
                600,
                "text-anchor",
                nearRight ? "end" : "start");
    }

    private String point(int interval, double share) {
        return Svg.number(x(intervals.at(interval))) + "," + Svg.number(y(share));
    }

    private double x(double score) {
        return LEFT + (RIGHT - LEFT) * (score - intervals.first()) / (intervals.last() - intervals.first());
    }

    private double y(double share) {
        return BOTTOM - (BOTTOM - TOP) * share / height.last();
    }
}
