package io.reflux.api;

import io.quarkus.oidc.JavaScriptRequestChecker;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Sends a browser to the OpenID Connect provider to log in where it opens a page. Scripts of a page and programs that are
 * no browser are told that they are not known instead: they could do nothing with somebody's login page.
 */
@Singleton
public class BrowserLogin implements JavaScriptRequestChecker {
    private static final int FOUND = 302;

    /** Browsers say it over TLS and to their own machine; elsewhere a page is what is wanted as one. */
    @Override
    public boolean isJavaScriptRequest(RoutingContext call) {
        HttpServerRequest request = call.request();
        String mode = request.getHeader("Sec-Fetch-Mode");
        String accepted = request.getHeader("Accept");
        boolean opensPage = mode == null ? accepted != null && accepted.contains("text/html") : mode.equals("navigate");
        return !opensPage;
    }

    /** Whether a challenge is to go elsewhere. */
    static boolean isRedirect(@Nullable ChallengeData challenge) {
        return challenge != null && challenge.status == FOUND;
    }

    /** Sends the browser elsewhere. */
    static void redirect(RoutingContext call, String to) {
        call.response().putHeader("Location", to);
        redirect(call);
    }

    /** Sends the browser where the response says already. */
    static void redirect(RoutingContext call) {
        call.response()
                .setStatusCode(FOUND)
                .putHeader("Cache-Control", "no-store")
                .end();
    }
}
