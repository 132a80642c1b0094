package io.reflux.api;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;

/**
 * Bounds an upload that does not say how large it is ({@code Transfer-Encoding: chunked}). The server bounds it, too, but
 * ends the call by a status alone.
 */
@Provider
@LimitedUploads
@Priority(BodySize.AFTER_RATES)
public class BodySize implements ContainerRequestFilter {
    /** What {@link UploadRate} refuses is not read at all. */
    static final int AFTER_RATES = Priorities.USER + 1;

    private final Instance<CurrentVertxRequest> request;
    private final Instance<Bodies> bodies;

    /** @param bodies looked up by each call: filters are made before there is a configuration */
    @Inject
    BodySize(Instance<CurrentVertxRequest> request, Instance<Bodies> bodies) {
        this.request = request;
        this.bodies = bodies;
    }

    @Override
    public void filter(ContainerRequestContext call) {
        if (call.getHeaderString(HttpHeaders.CONTENT_LENGTH) == null) {
            RoutingContext routing = request.get().getCurrent();
            routing.remove(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY);
            call.setEntityStream(bodies.get().bounded(routing, call.getEntityStream()));
        }
    }
}
