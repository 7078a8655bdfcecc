package io.github.purerank.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Links from documents into the code, by class and method. */
final class CodeLinks {
    private static final Path SOURCES = Path.of("src/main/java");

    private final Map<String, Path> files = new TreeMap<>();

    CodeLinks() throws IOException {
        try (Stream<Path> all = Files.walk(SOURCES)) {
            all.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> files.put(file.getFileName().toString().replace(".java", ""), file));
        }
    }

    /**
     * A link in Markdown.
     *
     * @param name a class, or a class and a member of it: "SelfAttention", "SelfAttention.attend"
     * @param up what leads from the document to the project's folder
     * @throws AssertionError if there is no such class, or it has no such member
     */
    String link(String name, String up) throws IOException {
        int dot = name.indexOf('.');
        Path file = files.get(dot < 0 ? name : name.substring(0, dot));
        if (file == null) {
            throw new AssertionError("no class for " + name);
        }
        if (dot >= 0 && !declares(Files.readString(file), name.substring(dot + 1))) {
            throw new AssertionError(file + " does not declare " + name);
        }
        return "[`" + name + "`](" + up + file.toString().replace('\\', '/') + ")";
    }

    /** Whether a source has a method, field or record component of the name, and does not only use it. */
    static boolean declares(String source, String member) {
        String quoted = Pattern.quote(member);
        return Pattern.compile("(?m)^    (?!return |throw |new |\\s)[\\w<>\\[\\], .]* " + quoted + "( =|;|\\(|,$)")
                        .matcher(source)
                        .find()
                || Pattern.compile("record \\w+\\([^)]*\\b" + quoted + "\\b[^)]*\\)")
                        .matcher(source)
                        .find()
                || Pattern.compile("(?m)^    " + quoted + "(\\(|,|;)")
                        .matcher(source)
                        .find();
    }
}
