package io.reflux.api;

import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;

/**
 * Who makes a call, once that is known, and what they may do.
 *
 * @param name of the user, or of the token's owner
 * @param until when that holds; empty where it does not end by itself
 */
record Visitor(String name, Grants grants, Optional<Instant> until) {
    private static final String KEY = Visitor.class.getName();

    /** The visitor of a call; empty while nobody has said who it is. */
    static Optional<Visitor> of(RoutingContext call) {
        return Optional.ofNullable(call.get(KEY));
    }

    void makes(RoutingContext call) {
        call.put(KEY, this);
    }
}
