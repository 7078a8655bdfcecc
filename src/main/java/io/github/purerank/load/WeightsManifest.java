package io.github.purerank.load;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * weights-manifest.json: the models that can be fetched, each pinned to one revision and each file to its length and SHA-256.
 *
 * <p>What {@link #parse} gives is safe to make paths of: names consist of ASCII letters, digits, dots, hyphens and underscores,
 * begin with a letter or digit and have no two dots in a row.
 *
 * @param models the models, names unique whatever their case
 */
public record WeightsManifest(List<Model> models) {
    /** What a file is called while it is not complete; no file of a model may be called so. */
    static final String PARTIAL_SUFFIX = ".partial";

    // Limits: far above the use there is, small enough that no sum overflows.
    static final int MAX_BYTES = 1 << 20;
    static final int MAX_MODELS = 1_000;
    static final int MAX_FILES = 600;
    static final int MAX_NAME_LENGTH = 96;
    static final int MAX_URL_LENGTH = 1_000;
    static final long MAX_FILE_BYTES = 100_000_000_000L;

    private static final String FOLDER = "/io/github/purerank";
    private static final String NAME = "weights-manifest.json";

    /**
     * One model.
     *
     * @param name organisation and model, as in "cross-encoder/ms-marco-MiniLM-L6-v2"
     * @param revision the commit, 40 hexadecimal digits
     * @param licence the licence of the weights by its SPDX name
     * @param files what makes up the model, names unique whatever their case
     */
    public record Model(String name, String revision, String licence, List<File> files) {
        /** The length of all files together. */
        public long bytes() {
            long sum = 0;
            for (File file : files) {
                sum += file.bytes();
            }
            return sum;
        }

        /** The part of the name after the organisation. */
        String shortName() {
            return name.substring(name.indexOf('/') + 1);
        }
    }

    /**
     * One file of a model.
     *
     * @param name its name in the model's directory
     * @param url where it is; https, and ends with the revision and the name
     * @param bytes its length
     * @param sha256 its checksum, 64 hexadecimal digits
     */
    public record File(String name, URI url, long bytes, String sha256) {}

    /** The manifest that comes with the library. */
    static WeightsManifest bundled() throws IOException {
        ModelFiles resources = ModelFiles.inResources(WeightsManifest.class, FOLDER);
        return parse(resources.read(NAME, MAX_BYTES), resources.describe(NAME));
    }

    /**
     * Reads a manifest.
     *
     * @param json its bytes
     * @param file its name in messages
     * @throws ModelFormatException if anything about it is not as described here; keys that are not known are refused
     */
    public static WeightsManifest parse(byte[] json, String file) throws ModelFormatException {
        JsonValue root = JsonValue.parse(json, file);
        root.onlyKeys("models");
        JsonValue list = root.get("models");
        List<Model> models = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonValue value : elements(list, MAX_MODELS, "models")) {
            Model model = model(value);
            requireNew(names, model.name(), value.get("name"));
            models.add(model);
        }
        return new WeightsManifest(List.copyOf(models));
    }

    private static Model model(JsonValue value) throws ModelFormatException {
        value.onlyKeys("name", "revision", "licence", "files");
        String revision = hex(value.get("revision"), 40);
        List<File> files = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonValue element : elements(value.get("files"), MAX_FILES, "files")) {
            File file = file(element, revision);
            requireNew(names, file.name(), element.get("name"));
            files.add(file);
        }
        return new Model(modelName(value.get("name")), revision, plainName(value.get("licence")), List.copyOf(files));
    }

    private static File file(JsonValue value, String revision) throws ModelFormatException {
        value.onlyKeys("name", "url", "bytes", "sha256");
        JsonValue name = value.get("name");
        if (plainName(name).toLowerCase(Locale.ROOT).endsWith(PARTIAL_SUFFIX)) {
            throw name.error("a name without " + PARTIAL_SUFFIX + " at its end");
        }
        return new File(
                name.string(),
                url(value.get("url"), "/" + revision + "/" + name.string()),
                value.get("bytes").integer(1, MAX_FILE_BYTES),
                hex(value.get("sha256"), 64));
    }

    private static List<JsonValue> elements(JsonValue list, int max, String what) throws ModelFormatException {
        List<JsonValue> elements = list.elements();
        if (elements.isEmpty() || elements.size() > max) {
            throw new ModelFormatException(
                    list.file(), list.pointer(), "1 to " + max + " " + what, Integer.toString(elements.size()));
        }
        return elements;
    }

    /** Two names that differ in case alone are one name on some file systems. */
    private static void requireNew(Set<String> names, String name, JsonValue value) throws ModelFormatException {
        if (!names.add(name.toLowerCase(Locale.ROOT))) {
            throw value.error("a name that is not there twice");
        }
    }

    private static String modelName(JsonValue value) throws ModelFormatException {
        String name = value.string();
        int slash = name.indexOf('/');
        if (slash < 0 || !isPlain(name.substring(0, slash)) || !isPlain(name.substring(slash + 1))) {
            throw value.error("ORGANISATION/MODEL in letters, digits, \".\", \"-\" and \"_\"");
        }
        return name;
    }

    private static String plainName(JsonValue value) throws ModelFormatException {
        if (!isPlain(value.string())) {
            throw value.error("at most " + MAX_NAME_LENGTH + " letters, digits, \".\", \"-\" and \"_\"");
        }
        return value.string();
    }

    private static boolean isPlain(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH || name.contains("..") || name.endsWith(".")) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isLetterOrDigit(c) && (i == 0 || (c != '.' && c != '-' && c != '_'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static String hex(JsonValue value, int digits) throws ModelFormatException {
        String hex = value.string();
        boolean valid = hex.length() == digits;
        for (int i = 0; valid && i < digits; i++) {
            char c = hex.charAt(i);
            valid = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        if (!valid) {
            throw value.error(digits + " hexadecimal digits in lower case");
        }
        return hex;
    }

    /** An https URL of a host, perhaps a port, and a plain path with this end. */
    private static URI url(JsonValue value, String end) throws ModelFormatException {
        String text = value.string();
        try {
            URI url = new URI(text);
            if (text.length() <= MAX_URL_LENGTH
                    && "https".equals(url.getScheme())
                    && url.getHost() != null
                    && text.equals("https://" + url.getRawAuthority() + url.getRawPath())
                    && url.getUserInfo() == null
                    && url.getPort() >= -1
                    && url.getPort() <= 65_535
                    && isPlainPath(url.getRawPath())
                    && url.getRawPath().endsWith(end)) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Refused below, as any other.
        }
        throw value.error("an https URL with a plain path that ends with " + end);
    }

    private static boolean isPlainPath(String path) {
        for (String part : path.substring(Math.min(1, path.length())).split("/", -1)) {
            if (!isPlain(part)) {
                return false;
            }
        }
        return true;
    }
}
