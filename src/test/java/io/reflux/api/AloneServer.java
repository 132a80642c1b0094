package io.reflux.api;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** A server on loopback with nothing but some routes, for tests of a filter by itself. */
final class AloneServer {
    private AloneServer() {}

    static URI serve(Vertx vertx, Router router) throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        return URI.create("http://127.0.0.1:" + port);
    }
}
