package io.reflux.api;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.reflux.config.RefluxConfig;
import io.reflux.config.SecurityMode;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who calls, and what they may do. */
@Singleton
final class Callers {
    private final CurrentVertxRequest request;
    private final SecurityMode mode;

    @Inject
    Callers(CurrentVertxRequest request, RefluxConfig config) {
        this.request = request;
        this.mode = config.security().mode();
    }

    /** What the caller of the present call may do. */
    Grants grants() {
        return mode == SecurityMode.NONE
                ? Grants.EVERYTHING
                : Visitor.of(request.getCurrent()).map(Visitor::grants).orElse(Grants.NOTHING);
    }

    /** When the caller of the present call is not known any more; empty where that does not end by itself. */
    Optional<Instant> until() {
        return Visitor.of(request.getCurrent()).flatMap(Visitor::until);
    }

    /** Who makes the present call, as they are told. */
    CallerReport report() {
        @Nullable
        String name = Visitor.of(request.getCurrent()).map(Visitor::name).orElse(null);
        return CallerReport.of(name, mode.name().toLowerCase(Locale.ROOT), grants(), until().orElse(null));
    }

    /** The name of the caller of the present call, or its address where nobody has to say who they are. */
    String name() {
        RoutingContext call = request.getCurrent();
        return Visitor.of(call).map(visitor -> "user " + visitor.name()).orElseGet(() -> address(call));
    }

    /** Where a call comes from; {@code -} when it does not come over a network. */
    static String address(RoutingContext call) {
        SocketAddress address = call.request().remoteAddress();
        String host = address == null ? null : address.hostAddress();
        return host == null ? "-" : host;
    }
}
