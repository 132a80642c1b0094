package io.reflux.api;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses URIs and headers that are too long, with a problem document. The server's parser refuses them, too, at eight
 * times the length, but nothing can be added to the status it answers with.
 */
@Singleton
final class RequestSize {
    /** After {@link AuditTrail}, before everything that reads them. */
    static final int PRIORITY = 285;

    private static final int PARTS = 8;

    /** Colon, space and the end of the line. */
    private static final int AROUND = 4;

    private final long longestUri;
    private final long largestHead;

    /**
     * @param line characters of a request's first line that the parser takes
     * @param head bytes of all headers that the parser takes
     */
    @Inject
    RequestSize(
            @ConfigProperty(name = "quarkus.http.limits.max-initial-line-length") int line,
            @ConfigProperty(name = "quarkus.http.limits.max-header-size") MemorySize head) {
        this.longestUri = line / PARTS;
        this.largestHead = head.asLongValue() / PARTS;
    }

    void guard(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext call) {
        int uri = call.request().uri().length();
        long head = size(call.request().headers());
        if (uri > longestUri) {
            call.fail(ProblemException.longUri(uri, longestUri));
        } else if (head > largestHead) {
            call.fail(ProblemException.largeHead(head, largestHead));
        } else {
            call.next();
        }
    }

    private static long size(MultiMap headers) {
        long size = 0;
        for (Map.Entry<String, String> header : headers) {
            size += header.getKey().length() + header.getValue().length() + AROUND;
        }
        return size;
    }
}
