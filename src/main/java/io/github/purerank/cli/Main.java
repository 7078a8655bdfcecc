package io.github.purerank.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The command line, {@code tools/purerank}. Results alone go to standard output, all else to standard error. Exit status: 0
 * done, 1 failed, 2 called wrongly.
 */
@Command(
        name = "purerank",
        description = "Scores how well passages answer queries, with BERT cross-encoders in Java alone.",
        subcommands = {
            ScoreCommand.class,
            RankCommand.class,
            TokenizeCommand.class,
            InfoCommand.class,
            VerifyCommand.class,
            FetchCommand.class,
            ImportCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = "%n\"purerank help COMMAND\" says more about one of them.",
        versionProvider = Version.class)
public final class Main {
    private final InputStream in;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of what went wrong.")
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print this help and exit.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print the version and exit.")
    private boolean version;

    private Main(InputStream in) {
        this.in = in;
    }

    /** Runs a command and ends the process with its status. */
    public static void main(String[] arguments) {
        PrintWriter out = utf8(FileDescriptor.out);
        PrintWriter err = utf8(FileDescriptor.err);
        int status = run(arguments, System.in, out, err);
        out.flush();
        err.flush();
        System.exit(status);
    }

    /** Runs a command; returns its exit status. */
    public static int run(String[] arguments, InputStream in, PrintWriter out, PrintWriter err) {
        Main main = new Main(in);
        return new CommandLine(main)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, ignored) -> main.calledWrongly(e))
                .setExecutionExceptionHandler((e, command, ignored) -> main.failed(e, command))
                .execute(arguments);
    }

    /** Standard input. */
    InputStream in() {
        return in;
    }

    private int calledWrongly(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println(name + ": " + oneLine(e.getMessage()) + " (\"" + name + " --help\" says more)");
        trace(e, err);
        err.flush();
        return ExitCode.USAGE;
    }

    private int failed(Exception e, CommandLine command) {
        PrintWriter err = command.getErr();
        err.println("purerank: " + oneLine(describe(e)));
        trace(e, err);
        err.flush();
        return ExitCode.SOFTWARE;
    }

    private void trace(Exception e, PrintWriter err) {
        if (debug) {
            e.printStackTrace(err);
        }
    }

    /** Some exceptions of the JDK have a file's name as their whole message. */
    private static String describe(Exception e) {
        if (e instanceof UncheckedIOException unchecked) {
            return describe(unchecked.getCause());
        }
        if (e instanceof FileSystemException file && file.getReason() == null) {
            if (e instanceof NoSuchFileException) {
                return file.getFile() + ": no such file or directory";
            }
            if (e instanceof AccessDeniedException) {
                return file.getFile() + ": permission denied";
            }
        }
        if (e instanceof IOException || e instanceof IllegalArgumentException || e instanceof IllegalStateException) {
            return e instanceof CancellationException || e.getMessage() == null ? e.toString() : e.getMessage();
        }
        return e.toString();
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\R\\s*", " ").strip();
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
    }
}
