package io.github.purerank.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * The progress of long work, drawn as a bar on stderr if that is a terminal; nothing at all otherwise.
 *
 * <p>Java 17 cannot tell whether stderr is a terminal. The launcher can, and sets the system property {@value #TERMINAL}.
 */
final class Progress implements AutoCloseable {
    static final String TERMINAL = "purerank.terminal";

    /** The width that every terminal has. */
    private static final int COLUMNS = 80;

    private static final int UPDATE_MILLIS = 200;

    private final PrintWriter err;
    /** Null where there is no terminal. */
    private final ProgressBar bar;

    private Progress(PrintWriter err, ProgressBar bar) {
        this.err = err;
        this.bar = bar;
    }

    /**
     * Begins at 0.
     *
     * @param err where the bar is drawn
     * @param what what is being done, in a word or two
     * @param total how much there is to do
     * @param unit what is counted; "B" is shown in mebibytes
     */
    static Progress start(PrintWriter err, String what, long total, String unit) {
        if (!Boolean.getBoolean(TERMINAL)) {
            return new Progress(err, null);
        }
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .setUnit(unit.equals("B") ? " MiB" : " " + unit, unit.equals("B") ? 1 << 20 : 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setConsumer(new Line(err))
                .build();
        return new Progress(err, bar);
    }

    /** So much is done. */
    void stepTo(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    /** Leaves the bar as it is and begins a new line. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            err.println();
            err.flush();
        }
    }

    /** One line of a terminal, written over and over. The library's own asks the system for the width with native code. */
    private record Line(PrintWriter err) implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return COLUMNS - 1;
        }

        @Override
        public void accept(String text) {
            err.print('\r' + text);
            err.flush();
        }

        @Override
        public void close() {
            // Not called for a bar that is closed before it was first drawn: Progress ends the line.
        }
    }
}
