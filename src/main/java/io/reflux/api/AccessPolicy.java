package io.reflux.api;

import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityPolicy;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.reflux.config.RefluxConfig;
import io.reflux.config.SecurityMode;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Guards every path there is, those of later resources too: who reads has to be a reader, who changes an operator. Only
 * the health checks are open, because what asks them cannot say who it is. Which feeds are meant is the business of
 * {@link FeedAccess}.
 */
@Singleton
final class AccessPolicy implements HttpSecurityPolicy {
    private static final String HEALTH = "/q/health";
    private static final String METRICS = "/q/metrics";
    private final SecurityMode mode;
    private final Duration grace;

    /** @param graceSeconds for which tokens are taken longer than they say */
    @Inject
    AccessPolicy(
            RefluxConfig config,
            @ConfigProperty(name = "quarkus.oidc.token.lifespan-grace", defaultValue = "0") int graceSeconds) {
        this.mode = config.security().mode();
        this.grace = Duration.ofSeconds(graceSeconds);
    }

    @Override
    public Uni<CheckResult> checkPermission(
            RoutingContext call, Uni<SecurityIdentity> identity, AuthorizationRequestContext context) {
        String path = call.normalizedPath();
        if (mode == SecurityMode.NONE || isAt(path, HEALTH)) {
            return CheckResult.permit();
        }
        // What it would answer by itself has no problem document.
        call.remove(QuarkusHttpUser.AUTH_FAILURE_HANDLER);
        return identity.map(caller -> {
            require(call, path, caller);
            return CheckResult.PERMIT;
        });
    }

    private void require(RoutingContext call, String path, SecurityIdentity caller) {
        if (caller.isAnonymous()) {
            throw new UnauthorizedException();
        }
        Grants grants = Grants.of(caller.getRoles());
        new Visitor(caller.getPrincipal().getName(), grants, Expiry.of(caller, grace)).makes(call);
        if (Browsers.changes(call)) {
            if (!grants.operatesAny()) {
                throw ProblemException.forbidden(
                        "this needs the role operator, or operator:FEED of the feed that is meant");
            }
        } else if (!grants.readsAny()) {
            throw ProblemException.forbidden(
                    "this needs one of the roles reader, operator, reader:FEED and operator:FEED");
        } else if (isAt(path, METRICS) && !grants.readsAll()) {
            throw ProblemException.forbidden("metrics are of all feeds, so this needs the role reader or operator");
        }
    }

    private static boolean isAt(String path, String prefix) {
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }
}
