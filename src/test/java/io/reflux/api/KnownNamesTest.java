package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.reflux.config.RefluxConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By which names a service may be called that everybody may operate, as one in a container that says it is meant. */
final class KnownNamesTest {
    private static final int REFUSED = 421;
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void withoutAuthenticationANameHasToBeListedEvenWhereOtherMachinesReachTheService() throws Exception {
        URI service = serve(Map.of("reflux.security.none-on-public-address", "true"));

        assertThat(ask(service, "evil.example")).isEqualTo(REFUSED);
        assertThat(ask(service, "evil.example:8080")).isEqualTo(REFUSED);
        assertThat(ask(service, "reflux.example")).isEqualTo(REFUSED);
        assertThat(ask(service, "localhost:8080")).isEqualTo(200);
        assertThat(ask(service, "192.0.2.7:8080")).isEqualTo(200);
        assertThat(ask(service, "[2001:db8::1]")).isEqualTo(200);
    }

    @Test
    void aListedNameIsKnown() throws Exception {
        URI service = serve(Map.of(
                "reflux.security.none-on-public-address", "true", "reflux.security.hosts", "reflux.example,other"));

        assertThat(ask(service, "reflux.example:8080")).isEqualTo(200);
        assertThat(ask(service, "OTHER")).isEqualTo(200);
        assertThat(ask(service, "evil.example")).isEqualTo(REFUSED);
    }

    @Test
    void whereCallersSayWhoTheyAreAnyNameWillDoUnlessThereIsAList() throws Exception {
        assertThat(ask(serve(Map.of("reflux.security", "basic")), "any.example"))
                .isEqualTo(200);
        assertThat(ask(
                        serve(Map.of("reflux.security", "oidc", "reflux.security.hosts", "reflux.example")),
                        "any.example"))
                .isEqualTo(REFUSED);
    }

    /** A server on loopback with nothing but this filter. */
    private URI serve(Map<String, String> properties) throws Exception {
        RefluxConfig config = new SmallRyeConfigBuilder()
                .withMapping(RefluxConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 300))
                .build()
                .getConfigMapping(RefluxConfig.class);
        Filters filters = new Filters();
        new Browsers(config).guard(filters);
        Router router = Router.router(vertx);
        new ProblemRoutes().install(router);
        filters.getFilters().forEach(filter -> router.route().handler(filter.getHandler()));
        router.route().handler(call -> call.end("let through"));
        return AloneServer.serve(vertx, router);
    }

    private static int ask(URI service, String host) throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
        return RawHttp.ask(service, request.getBytes(StandardCharsets.US_ASCII)).status();
    }
}
