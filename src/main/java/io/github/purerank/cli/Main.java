package io.github.purerank.cli;

import io.github.purerank.OptionException;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The command line, {@code tools/purerank}. Results alone go to standard output, all else to standard error. Exit status: 0
 * done, 1 failed, 2 called wrongly, 141 if nobody reads the results any more (as the shell says of programs that end so).
 */
@Command(
        name = "purerank",
        description = "Scores how well passages answer queries, with BERT cross-encoders in Java alone.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nCommands of the script tools/purerank alone:",
            "  serve      Ranks over HTTP; \"tools/purerank serve --help\" says more.",
            "  shell      Opens JShell with the library and the default model.",
            "%n\"purerank help COMMAND\" says more about one of the others."
        },
        versionProvider = Version.class)
public final class Main {
    /** In the order in which help lists them. */
    private static final List<String> COMMANDS = List.of(
            "score",
            "rank",
            "embed",
            "index",
            "search",
            "evaluate",
            "calibrate",
            "tokenize",
            "explain",
            "trace",
            "info",
            "verify",
            "fetch",
            "import",
            "help");

    /** What a shell gives for SIGPIPE, by which other programs end then. */
    private static final int CLOSED_PIPE = 141;

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
        PrintWriter out = new StandardOutput(FileDescriptor.out);
        PrintWriter err = new StandardOutput(FileDescriptor.err);
        String encoding = System.getProperty("sun.jnu.encoding");
        int status;
        if (areGarbled(arguments, encoding)) {
            err.println("purerank: the locale's encoding, " + encoding
                    + ", lacks characters of the arguments: set LC_ALL to a UTF-8 locale, as in LC_ALL=C.UTF-8");
            status = ExitCode.USAGE;
        } else {
            status = run(arguments, System.in, out, err);
        }
        out.flush();
        err.flush();
        System.exit(status);
    }

    /** Runs a command; returns its exit status. */
    public static int run(String[] arguments, InputStream in, PrintWriter out, PrintWriter err) {
        Main main = new Main(in);
        CommandLine commandLine = withCommands(new CommandLine(main), arguments)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A text may begin with @: it is no file of arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((e, ignored) -> main.calledWrongly(e))
                .setExecutionExceptionHandler((e, ignored, alsoIgnored) -> main.failed(e, err));
        try {
            int status = commandLine.execute(arguments);
            if (status == ExitCode.OK) {
                // Help and version are printed by the library, which does not ask whether they arrived.
                Output.flush(out);
            }
            return status;
        } catch (IOException | Error e) {
            return main.failed(e, err);
        }
    }

    /** Knows the one command that is called, where that is clear (help lists them all): to read the annotations of all takes a tenth of a second. */
    private static CommandLine withCommands(CommandLine commandLine, String[] arguments) {
        if (arguments.length > 0 && COMMANDS.contains(arguments[0]) && !arguments[0].equals("help")) {
            return commandLine.addSubcommand(command(arguments[0]));
        }
        for (String name : COMMANDS) {
            commandLine.addSubcommand(command(name));
        }
        return commandLine;
    }

    private static Object command(String name) {
        return switch (name) {
            case "score" -> new ScoreCommand();
            case "rank" -> new RankCommand();
            case "embed" -> new EmbedCommand();
            case "index" -> new IndexCommand();
            case "search" -> new SearchCommand();
            case "evaluate" -> new EvaluateCommand();
            case "calibrate" -> new CalibrateCommand();
            case "tokenize" -> new TokenizeCommand();
            case "explain" -> new ExplainCommand();
            case "trace" -> new TraceCommand();
            case "info" -> new InfoCommand();
            case "verify" -> new VerifyCommand();
            case "fetch" -> new FetchCommand();
            case "import" -> new ImportCommand();
            case "help" -> new HelpCommand();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Whether Java could not read the arguments: it puts U+FFFD for bytes that the locale's encoding does not have. */
    static boolean areGarbled(String[] arguments, String encoding) {
        if ("UTF-8".equalsIgnoreCase(encoding)) {
            return false;
        }
        for (String argument : arguments) {
            if (argument.indexOf('\uFFFD') >= 0) {
                return true;
            }
        }
        return false;
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

    /** The library's options have the names of the command line's, in another spelling. */
    private static String inWordsOfOptions(OptionException e) {
        StringBuilder name = new StringBuilder("--");
        for (char c : e.option().toCharArray()) {
            name.append(Character.isUpperCase(c) ? "-" + Character.toLowerCase(c) : c);
        }
        return name + ": " + e.reason();
    }

    private int failed(Throwable e, PrintWriter err) {
        if (e instanceof StandardOutput.Closed) {
            trace(e, err);
            return CLOSED_PIPE;
        }
        err.println("purerank: " + oneLine(describe(e)));
        trace(e, err);
        err.flush();
        return ExitCode.SOFTWARE;
    }

    private void trace(Throwable e, PrintWriter err) {
        if (debug) {
            e.printStackTrace(err);
        }
    }

    /** Some exceptions of the JDK have a file's name as their whole message. */
    private static String describe(Throwable e) {
        if (e instanceof UncheckedIOException unchecked) {
            return describe(unchecked.getCause());
        }
        if (e instanceof OutOfMemoryError) {
            return "out of memory: " + e.getMessage() + " (JAVA_OPTS=-Xmx2g, for example, allows Java 2 GiB)";
        }
        if (e instanceof FileSystemException file && file.getReason() == null) {
            if (e instanceof NoSuchFileException) {
                return file.getFile() + ": no such file or directory";
            }
            if (e instanceof AccessDeniedException) {
                return file.getFile() + ": permission denied";
            }
        }
        if (e instanceof OptionException option) {
            return inWordsOfOptions(option);
        }
        if (e instanceof IOException || e instanceof IllegalArgumentException || e instanceof IllegalStateException) {
            return e instanceof CancellationException || e.getMessage() == null ? e.toString() : e.getMessage();
        }
        return e.toString();
    }

    private static String oneLine(String message) {
        return Texts.oneLine(message.replaceAll("\\R\\s*", " ")).strip();
    }
}
