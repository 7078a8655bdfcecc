package io.github.purerank.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the help of a command. */
@Command(name = "help", description = "Shows the help of a command.")
final class HelpCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command. Default: all of them.")
    private String name;

    @Override
    public void run() {
        CommandLine described = spec.parent().commandLine();
        if (name != null) {
            described = described.getSubcommands().get(name);
            if (described == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        name.equals("serve") || name.equals("shell")
                                ? name + " is a command of the script tools/purerank: \"tools/purerank help\" names it"
                                : "no command \"" + name + "\"");
            }
        }
        described.usage(spec.commandLine().getOut());
    }
}
