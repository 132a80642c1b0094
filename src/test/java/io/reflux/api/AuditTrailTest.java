package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the audit log says of callers that do not wait; what it says of the others is in {@link AccessTest}. */
final class AuditTrailTest {
    private final Vertx vertx = Vertx.vertx();
    private AuditLines audit;

    @BeforeEach
    void listen() {
        audit = new AuditLines();
    }

    @AfterEach
    void close() throws Exception {
        audit.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aCallerWhoHangsUpBeforeTheAnswerIsSaidToHaveHadNone() throws Exception {
        URI service = serve();

        RawHttp.hangUp(service, request("/api/v1/feeds/hasty/rounds"));

        assertThat(audit.next())
                .isEqualTo("who=- from=127.0.0.1 action=\"POST /api/v1/feeds/hasty/rounds\" feed=hasty"
                        + " outcome=unanswered status=-");
        assertThat(RawHttp.ask(service, request("/api/v1/feeds/patient/rounds")).status())
                .isEqualTo(202);
        assertThat(audit.next()).endsWith(" feed=patient outcome=done status=202");
        assertThat(audit.count()).as("one line a call").isEqualTo(2);
    }

    /** A server on loopback with nothing but this filter, which leaves the hasty without an answer. */
    private URI serve() throws Exception {
        Filters filters = new Filters();
        new AuditTrail().follow(filters);
        Router router = Router.router(vertx);
        filters.getFilters().forEach(filter -> router.route().handler(filter.getHandler()));
        router.route("/api/v1/feeds/hasty/rounds").handler(call -> {});
        router.route().handler(call -> call.response().setStatusCode(202).end());
        return AloneServer.serve(vertx, router);
    }

    private static byte[] request(String path) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
