package io.reflux.api;

import io.quarkus.oidc.TokenIntrospection;
import io.quarkus.security.identity.SecurityIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Until when a caller is known by what it has shown. */
final class Expiry {
    /** What Quarkus keeps of a token that only its provider can read. */
    private static final String INTROSPECTION = "introspection";

    /** Of RFC 7519 and RFC 7662, in seconds since 1970. */
    private static final String EXPIRES = "exp";

    private Expiry() {}

    /**
     * When calls with the same token begin to be refused; empty where there is no such time, as with a password.
     *
     * @param grace for which tokens are taken longer than they say
     */
    static Optional<Instant> of(SecurityIdentity caller, Duration grace) {
        return seconds(caller).map(Instant::ofEpochSecond).map(end -> end.plus(grace));
    }

    private static Optional<Long> seconds(SecurityIdentity caller) {
        if (caller.getPrincipal() instanceof JsonWebToken token) {
            return Optional.of(token.getExpirationTime()).filter(end -> end > 0);
        }
        @Nullable TokenIntrospection introspection = caller.getAttribute(INTROSPECTION);
        return Optional.ofNullable(introspection).map(found -> found.getLong(EXPIRES));
    }
}
