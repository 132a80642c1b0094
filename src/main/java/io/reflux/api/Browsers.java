package io.reflux.api;

import io.netty.util.NetUtil;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.reflux.config.RefluxConfig;
import io.reflux.config.SecurityMode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of other sites from using a browser to reach the service. A browser adds by itself what it knows of its
 * user, such as the password it was told or being on this machine; but it also says which site asks
 * ({@code Sec-Fetch-Site}, {@code Origin}), which a page cannot forge. What is no browser sends neither and is let through.
 *
 * <p>A page can also have its own name resolved to this machine and is then of the same site; so where the name is all
 * that tells the two apart, it has to be one of ours. That is so wherever nobody has to say who they are, on other
 * addresses than loopback, too: a container's port may be published on loopback only.
 */
@Singleton
final class Browsers {
    /** After {@link AuditTrail}, before anybody is asked who they are. */
    static final int PRIORITY = 280;

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
    private static final String LOCALHOST = "localhost";

    private final boolean onlyKnownNames;
    private final List<String> names;

    @Inject
    Browsers(RefluxConfig config) {
        this.names = config.security().hosts().orElse(List.of());
        this.onlyKnownNames = !names.isEmpty() || config.security().mode() == SecurityMode.NONE;
    }

    void guard(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    /** Whether a call may change something, by its method. */
    static boolean changes(RoutingContext call) {
        return changes(call.request().method().name());
    }

    static boolean changes(String method) {
        return !SAFE.contains(method);
    }

    private void check(RoutingContext call) {
        HttpServerRequest request = call.request();
        if (changes(call) && !isOfOwnSite(request)) {
            call.fail(ProblemException.otherSite());
        } else if (onlyKnownNames && !isKnown(request.authority())) {
            call.fail(ProblemException.unknownHost(String.valueOf(request.getHeader("Host"))));
        } else {
            call.next();
        }
    }

    private static boolean isOfOwnSite(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return OWN_SITE.contains(site);
        }
        String origin = request.getHeader("Origin");
        return origin == null || isOf(origin, request.authority());
    }

    private static boolean isOf(String origin, @Nullable HostAndPort authority) {
        try {
            URI uri = new URI(origin);
            return authority != null
                    && authority.host().equalsIgnoreCase(uri.getHost())
                    && port(uri) == (authority.port() > 0 ? authority.port() : standardPort(uri));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static int port(URI origin) {
        return origin.getPort() > 0 ? origin.getPort() : standardPort(origin);
    }

    private static int standardPort(URI origin) {
        return "https".equals(origin.getScheme()) ? 443 : 80;
    }

    /** A call without a name is none of a browser's. */
    private boolean isKnown(@Nullable HostAndPort authority) {
        if (authority == null) {
            return true;
        }
        String host = authority.host().toLowerCase(Locale.ROOT);
        return host.equals(LOCALHOST)
                || host.endsWith("." + LOCALHOST)
                || host.startsWith("[")
                || NetUtil.isValidIpV4Address(host)
                || NetUtil.isValidIpV6Address(host)
                || names.stream().anyMatch(host::equalsIgnoreCase);
    }
}
