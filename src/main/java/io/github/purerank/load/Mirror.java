package io.github.purerank.load;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Which servers may be asked: those of the manifest or, instead of all of them, a mirror with the same paths.
 *
 * <p>A mirror is reached by https, or by http if it is on this machine. A redirect leads to https only, or from such a mirror
 * on this machine to http on this machine as well.
 *
 * @param base the mirror's URL without a slash at its end; null for none
 */
record Mirror(URI base) {
    static final String VARIABLE = "PURERANK_MIRROR";
    static final Mirror NONE = new Mirror(null);

    /**
     * Reads a mirror's URL; null and the empty text are none.
     *
     * @throws IllegalArgumentException if it is no URL that may be asked
     */
    static Mirror parse(String url) {
        if (url == null || url.isBlank()) {
            return NONE;
        }
        try {
            URI base = new URI(url.strip().replaceAll("/+$", ""));
            if (base.getHost() != null
                    && base.getRawUserInfo() == null
                    && base.getRawQuery() == null
                    && base.getRawFragment() == null
                    && base.getPort() <= 65_535
                    && (isHttps(base) || isLocalHttp(base))) {
                return new Mirror(base);
            }
        } catch (URISyntaxException e) {
            // Refused below, as any other.
        }
        throw new IllegalArgumentException(
                "not the URL of a mirror: expected https://HOST[:PORT][/PATH], or http:// for"
                        + " localhost, 127.x.x.x or [::1]");
    }

    /** Where a URL of the manifest is asked for. */
    URI locate(URI url) {
        return base == null ? url : URI.create(base + url.getRawPath());
    }

    /** Where a redirect leads, or null if it must not be followed. */
    static URI redirect(URI from, String location) {
        try {
            URI to = from.resolve(new URI(location));
            boolean allowed = isHttps(to) || (isLocalHttp(to) && isLocalHttp(from));
            return allowed && to.getHost() != null && to.getRawUserInfo() == null && to.getPort() <= 65_535 ? to : null;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isHttps(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /** Goes by what the host is called; nothing is looked up. */
    private static boolean isLocalHttp(URI url) {
        if (!"http".equalsIgnoreCase(url.getScheme()) || url.getHost() == null) {
            return false;
        }
        String host = url.getHost().toLowerCase(Locale.ROOT);
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
