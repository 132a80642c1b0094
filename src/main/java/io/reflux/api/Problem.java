package io.reflux.api;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * An error as RFC 9457 describes it.
 *
 * @param type identifies the kind of problem
 * @param title the kind in words
 * @param status of HTTP
 * @param detail one sentence about this very problem, and the way out
 */
public record Problem(String type, String title, int status, String detail) {
    /** Media type of problem documents. */
    public static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(String kind, String title, Response.Status status, String detail) {
        return of(kind, title, status.getStatusCode(), detail);
    }

    static Problem of(String kind, String title, int status, String detail) {
        return new Problem("urn:reflux:problem:" + kind, title, status, detail);
    }

    /** Of a caller that is not known. */
    static Problem unauthorized(String detail) {
        return of("unauthorized", "Unauthorized", Response.Status.UNAUTHORIZED, detail);
    }

    Response response() {
        return Response.status(status)
                .type(MediaType.valueOf(MEDIA_TYPE))
                .entity(this)
                .build();
    }
}
