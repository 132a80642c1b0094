package io.reflux.api;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Whoever calls, so that a page offers only what will be allowed. */
@Path("/api/v1/me")
@Tag(name = "Caller", description = "Who calls, and what they may do")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
public class CallerResource {
    private final Callers callers;

    @Inject
    CallerResource(Callers callers) {
        this.callers = callers;
    }

    /** Who calls, and which feeds they may read and operate. */
    @GET
    @Operation(summary = "Name and roles of the caller, and the feeds they may read and operate")
    public CallerReport caller() {
        return callers.report();
    }
}
