package io.github.purerank.load;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Where fetched models are kept: the system property purerank.home, else the environment's PURERANK_HOME, else "purerank" in
 * the place that the operating system has for a user's caches.
 */
final class CacheDirectory {
    static final String PROPERTY = "purerank.home";
    static final String VARIABLE = "PURERANK_HOME";

    private static final String FOLDER = "purerank";

    private CacheDirectory() {}

    /** The directory for this process; it need not exist. */
    static Path find() throws ModelNotFoundException {
        return find(System::getenv, System::getProperty);
    }

    /**
     * The directory for an environment and system properties, either of which may have no value for a name.
     *
     * @throws ModelNotFoundException if nothing is set and the user has no home directory
     */
    static Path find(UnaryOperator<String> environment, UnaryOperator<String> properties)
            throws ModelNotFoundException {
        String set = properties.apply(PROPERTY);
        if (set == null || set.isEmpty()) {
            set = environment.apply(VARIABLE);
        }
        try {
            if (set != null && !set.isEmpty()) {
                return Path.of(set).toAbsolutePath().normalize();
            }
            return userCache(environment, properties).resolve(FOLDER);
        } catch (InvalidPathException e) {
            throw new ModelNotFoundException("not a directory to keep models in: " + e.getMessage());
        }
    }

    private static Path userCache(UnaryOperator<String> environment, UnaryOperator<String> properties)
            throws ModelNotFoundException {
        String system = properties.apply("os.name").toLowerCase(Locale.ROOT);
        boolean windows = system.startsWith("windows");
        // The XDG base directory specification: a relative path is invalid and to be passed over.
        String variable = environment.apply(windows ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
        if (variable != null && new File(variable).isAbsolute() && !system.startsWith("mac")) {
            return Path.of(variable);
        }
        // "?" is what Java has for a user without an entry among the users of the system.
        String home = properties.apply("user.home");
        if (home == null || !new File(home).isAbsolute()) {
            throw new ModelNotFoundException(
                    "no home directory to keep models in: set " + VARIABLE + " to a directory that may be written to");
        }
        if (windows) {
            return Path.of(home, "AppData", "Local");
        }
        return system.startsWith("mac") ? Path.of(home, "Library", "Caches") : Path.of(home, ".cache");
    }
}
