package io.github.purerank.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What one call of the command line gave. */
record Cli(int status, String out, String err) {
    /** Runs a command with nothing on its standard input. */
    static Cli run(String... arguments) {
        return runWith(InputStream.nullInputStream(), arguments);
    }

    /** Runs a command with a text on its standard input. */
    static Cli runWith(String input, String... arguments) {
        return runWith(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), arguments);
    }

    static Cli runWith(InputStream input, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(arguments, input, new PrintWriter(out), new PrintWriter(err));
        return new Cli(status, out.toString(), err.toString());
    }

    /** The lines of standard output. */
    List<String> lines() {
        return out.lines().toList();
    }
}
