package io.github.purerank.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Proxies as the environment names them and as curl reads it: https_proxy or http_proxy by the URL's scheme, no_proxy for hosts
 * that are reached without, each in lower or upper case, lower case first. Where they say nothing, Java's own settings
 * (https.proxyHost and so on) apply.
 *
 * <p>A proxy is named by "http://HOST:PORT", with or without the scheme. One that is itself reached by TLS, SOCKS, and one with a
 * user name are refused: Java's HTTP client cannot do the first, and sends no password when it tunnels unless the whole JVM is
 * told to.
 */
final class EnvironmentProxies extends ProxySelector {
    private final UnaryOperator<String> environment;
    private final InetSocketAddress https;
    private final InetSocketAddress http;

    /** Reads the variables. */
    EnvironmentProxies(UnaryOperator<String> environment) throws FetchException {
        this.environment = environment;
        this.https = address("https_proxy");
        this.http = address("http_proxy");
    }

    /** The proxy for a URL by the environment alone, or null. */
    InetSocketAddress find(URI url) {
        InetSocketAddress proxy = url.getScheme().equals("https") ? https : http;
        return proxy == null || isExcepted(url) ? null : proxy;
    }

    @Override
    public List<Proxy> select(URI url) {
        InetSocketAddress proxy = find(url);
        if (proxy != null) {
            // The client wants one that is not resolved yet, to look it up anew for each connection.
            return List.of(new Proxy(Proxy.Type.HTTP, proxy));
        }
        ProxySelector otherwise = ProxySelector.getDefault();
        return otherwise == null || isExcepted(url) ? List.of(Proxy.NO_PROXY) : otherwise.select(url);
    }

    @Override
    public void connectFailed(URI url, SocketAddress address, IOException e) {
        // Nothing to learn from it: there is no second proxy to try.
    }

    private String value(String name) {
        String value = environment.apply(name);
        if (value == null || value.isBlank()) {
            value = environment.apply(name.toUpperCase(Locale.ROOT));
        }
        return value == null ? "" : value.trim();
    }

    /** Messages leave the value out: it may have a password in it. */
    private InetSocketAddress address(String variable) throws FetchException {
        String value = value(variable);
        if (value.isEmpty()) {
            return null;
        }
        URI url;
        try {
            url = new URI(value.contains("://") ? value : "http://" + value);
        } catch (URISyntaxException e) {
            throw refused(variable, "expected http://HOST:PORT");
        }
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            throw refused(variable, "a proxy with a user name and a password is not supported");
        }
        if (!"http".equalsIgnoreCase(url.getScheme())) {
            throw refused(variable, "only proxies that are reached by http:// are supported");
        }
        if (url.getHost() == null || url.getPort() > 65_535) {
            throw refused(variable, "expected http://HOST:PORT");
        }
        return InetSocketAddress.createUnresolved(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
    }

    private static FetchException refused(String variable, String reason) {
        return new FetchException("environment variable " + variable.toUpperCase(Locale.ROOT) + ": " + reason);
    }

    /** no_proxy: "*", or a list of domains, each with all below it, perhaps with a port. */
    private boolean isExcepted(URI url) {
        String host = url.getHost().toLowerCase(Locale.ROOT);
        int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
        for (String item : value("no_proxy").toLowerCase(Locale.ROOT).split("[,\\s]+")) {
            String domain = item.startsWith("*.") ? item.substring(1) : item;
            if (domain.endsWith(":" + port)) {
                domain = domain.substring(0, domain.lastIndexOf(':'));
            }
            if (domain.startsWith(".")) {
                domain = domain.substring(1);
            }
            if (!domain.isEmpty()
                    && (domain.equals("*")
                            || host.equals(domain)
                            || host.equals("[" + domain + "]")
                            || host.endsWith("." + domain))) {
                return true;
            }
        }
        return false;
    }
}
