package io.reflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.reflux.console.CommandException;
import io.reflux.wire.Key;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;

/** Calls of a running service's API; what goes wrong is told in one sentence that names the service. */
final class ServiceClient {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CREDENTIALS = "REFLUX_CREDENTIALS";
    private static final String TOKEN = "REFLUX_TOKEN";

    /** The list of feeds. */
    static final String FEEDS = "api/v1/feeds";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI base;
    private final Map<String, String> environment;

    /** @param environment where credentials stand: {@code REFLUX_CREDENTIALS} or {@code REFLUX_TOKEN} */
    ServiceClient(URI base, Map<String, String> environment) {
        this.base = base;
        this.environment = environment;
    }

    URI base() {
        return base;
    }

    /** {@code api/v1/feeds/…}, its parts encoded. */
    static String feedPath(String feed, String... more) {
        StringBuilder path =
                new StringBuilder(FEEDS).append('/').append(Key.of(feed).text());
        for (String part : more) {
            path.append('/').append(part);
        }
        return path.toString();
    }

    /** What stands at a path. */
    JsonNode get(String path) {
        return call("GET", path, Set.of(200));
    }

    /** Asks something of the service; GET, POST or DELETE. */
    JsonNode order(String method, String path) {
        return call(method, path, Set.of(200, 202));
    }

    /** What a health check answers, up or down. */
    JsonNode health(String path) {
        return call("GET", path, Set.of(200, 503));
    }

    private JsonNode call(String method, String path, Set<Integer> good) {
        HttpResponse<String> response = send(request(method, path));
        JsonNode body = body(response);
        if (good.contains(response.statusCode()) && !body.isMissingNode()) {
            return body;
        }
        throw refused(response.statusCode(), body);
    }

    private HttpRequest request(String method, String path) {
        String root = base.toString();
        URI uri = URI.create(root + (root.endsWith("/") ? "" : "/") + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .header("X-Requested-With", "reflux")
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (environment.containsKey(TOKEN)) {
            request.header("Authorization", "Bearer " + environment.get(TOKEN));
        } else if (environment.containsKey(CREDENTIALS)) {
            byte[] credentials = environment.get(CREDENTIALS).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        return request.build();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw CommandException.failure(
                    "nothing answers at " + base + "; start the service ('reflux serve'), or name another by --url", e);
        } catch (HttpTimeoutException e) {
            throw CommandException.failure(
                    "the service at " + base + " does not answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (IOException e) {
            throw CommandException.failure("what answers at " + base + " is no HTTP service: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failure("interrupted while waiting for " + base, e);
        }
    }

    private static JsonNode body(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private CommandException refused(int status, JsonNode body) {
        if (status == 401) {
            return CommandException.failure("the service at " + base + " wants to know who asks; set " + CREDENTIALS
                    + "=user:password, or " + TOKEN);
        }
        String detail = body.path("detail").asText();
        if (!detail.isEmpty()) {
            return CommandException.failure(detail);
        }
        return CommandException.failure(
                status == 403
                        ? "the service at " + base + " does not allow this to whom it was told asks"
                        : "what answers at " + base + " is no Reflux service (status " + status
                                + "); name it by --url");
    }
}
