package io.reflux.api;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Refuses a call that says it is larger than the server takes, or of no type, before anything of it is read. */
@Singleton
final class Bodies {
    /** After {@link AuditTrail}. */
    static final int PRIORITY = 285;

    private static final String PROPERTY = "quarkus.http.limits.max-body-size";
    private static final String TYPE = "Content-Type";
    private final long most;

    @Inject
    Bodies(@ConfigProperty(name = PROPERTY) Optional<MemorySize> most) {
        this.most = most.map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
    }

    void guard(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext call) {
        if (length(call.request().getHeader("Content-Length")) > most) {
            call.fail(tooLarge(call));
        } else {
            requireTypes(call);
        }
    }

    /** The body of a call that does not say how large it is; reading more of it than is taken fails. */
    InputStream bounded(RoutingContext call, InputStream body) {
        return new BoundedBody(body, most, () -> tooLarge(call));
    }

    private ProblemException tooLarge(RoutingContext call) {
        // What is still to come is not waited for.
        call.response().putHeader("Connection", "close");
        call.addEndHandler(ended -> call.request().connection().close());
        return ProblemException.tooMuch(
                "the call has more than the " + most + " bytes that are taken (" + PROPERTY + "); send it in parts");
    }

    /** A header that comes twice is read twice. */
    private static void requireTypes(RoutingContext call) {
        for (String type : call.request().headers().getAll(TYPE)) {
            if (!isType(type)) {
                call.fail(ProblemException.badParameter(TYPE, type, "a media type such as image/png"));
                return;
            }
        }
        call.next();
    }

    private static boolean isType(String header) {
        try {
            return MediaType.valueOf(header) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The server has checked that it is a number. */
    private static long length(@Nullable String header) {
        return header == null ? 0 : Long.parseLong(header.strip());
    }
}
