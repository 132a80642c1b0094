package io.reflux.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.jwt.build.Jwt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * As much of an OpenID Connect provider as a service needs that is given tokens or sends browsers to log in: its discovery
 * document and keys, {@code /token?name=…&roles=…&seconds=…}, which signs, a page on which one chooses who to be, and the
 * exchange of the code that comes back for tokens.
 */
public final class TokenIssuer implements QuarkusTestResourceLifecycleManager {
    /** What the service says of itself when it exchanges a code. */
    static final String CLIENT = "reflux";

    static final String SECRET = "a-secret-of-at-least-thirty-two-characters";

    private static final int LONG_SECONDS = 500;
    private static final int SHORT_SECONDS = 10;
    private static final String KEY = "key-1";

    /** Codes that have been handed out and not exchanged, and for whom. */
    private final Map<String, String> codes = new ConcurrentHashMap<>();

    private HttpServer server;
    private KeyPair keys;
    private KeyPair otherKeys;

    /**
     * The value of the header Authorization with a token of a caller.
     *
     * @param issuer where it runs
     * @param query what else is asked, such as {@code seconds=500}
     */
    static String authorization(String issuer, Caller caller, String query) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(issuer + "/token?name=" + caller.name().toLowerCase(Locale.ROOT) + "&roles="
                                + String.join(",", caller.roles()) + "&" + query))
                .build();
        return "Bearer "
                + HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body();
    }

    @Override
    public Map<String, String> start() {
        try {
            keys = pair();
            otherKeys = pair();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/.well-known/openid-configuration", call -> answer(call, discovery()));
        server.createContext("/keys", call -> answer(call, keySet()));
        server.createContext(
                "/token", call -> answer(call, token(call.getRequestURI().getQuery())));
        server.createContext("/login", call -> answer(call, loginPage(query(call))));
        server.createContext("/chosen", this::sendBack);
        server.createContext("/exchange", this::exchange);
        server.start();
        return Map.of("quarkus.oidc.auth-server-url", issuer());
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String discovery() {
        return "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\",\"token_endpoint\":\"%s/exchange\",\"authorization_endpoint\":\"%s/login\"}"
                .replace("%s", issuer());
    }

    private String keySet() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"" + KEY + "\",\"n\":\""
                + number(key.getModulus()) + "\",\"e\":\"" + number(key.getPublicExponent()) + "\"}]}";
    }

    /** A link for each user; {@code short}: one whose login lasts some seconds only. */
    private static String loginPage(Map<String, String> asked) {
        StringBuilder page = new StringBuilder("<!doctype html><title>Who are you?</title>");
        for (Caller caller : Caller.values()) {
            for (int seconds : new int[] {LONG_SECONDS, SHORT_SECONDS}) {
                String name = caller.name().toLowerCase(Locale.ROOT);
                page.append("<a id=\"%s\" href=\"/chosen?name=%s&roles=%s&seconds=%d&state=%s&redirect_uri=%s\">%s</a> "
                        .formatted(
                                seconds == LONG_SECONDS ? name : "short-" + name,
                                name,
                                String.join(",", caller.roles()),
                                seconds,
                                asked.get("state"),
                                asked.get("redirect_uri"),
                                name));
            }
        }
        return page.toString();
    }

    private void sendBack(HttpExchange call) throws IOException {
        Map<String, String> asked = query(call);
        String code = UUID.randomUUID().toString();
        codes.put(code, call.getRequestURI().getRawQuery());
        String to = URLDecoder.decode(asked.get("redirect_uri"), StandardCharsets.UTF_8);
        call.getResponseHeaders().add("Location", to + "?code=" + code + "&state=" + asked.get("state"));
        call.sendResponseHeaders(302, -1);
        call.close();
    }

    /** A code is good once, and for the service only. */
    private void exchange(HttpExchange call) throws IOException {
        String authorization = call.getRequestHeaders().getFirst("Authorization");
        String expected =
                "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
        Map<String, String> form = query(new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String login = codes.remove(form.getOrDefault("code", ""));
        if (login == null || !expected.equals(authorization)) {
            call.sendResponseHeaders(400, -1);
            call.close();
            return;
        }
        String token = token(login);
        answer(
                call,
                "{\"id_token\":\"%s\",\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%s}"
                        .formatted(token, token, query(login).get("seconds")));
    }

    private static Map<String, String> query(HttpExchange call) {
        return query(call.getRequestURI().getRawQuery());
    }

    private static Map<String, String> query(String query) {
        Map<String, String> asked = new HashMap<>();
        for (String part : query.split("&")) {
            asked.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
        }
        return asked;
    }

    /** Asked with {@code flaw}, it is expired, of another issuer, or signed with another key. */
    private String token(String query) {
        Map<String, String> asked = query(query);
        Set<String> roles = new HashSet<>(Arrays.asList(asked.get("roles").split(",")));
        String flaw = asked.getOrDefault("flaw", "");
        int seconds = Integer.parseInt(asked.getOrDefault("seconds", "500"));
        Instant now = Instant.now();
        return Jwt.issuer(flaw.equals("issuer") ? "http://127.0.0.1:1" : issuer())
                .subject(asked.get("name"))
                .upn(asked.get("name"))
                .groups(roles)
                .audience(CLIENT)
                .issuedAt(now.minusSeconds(1_000))
                .expiresAt(flaw.equals("expired") ? now.minusSeconds(500) : now.plusSeconds(seconds))
                .jws()
                .keyId(KEY)
                .sign(flaw.equals("key") ? otherKeys.getPrivate() : keys.getPrivate());
    }

    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] unsigned = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(unsigned);
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2_048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange call, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        String type = text.startsWith("{") ? "application/json" : text.startsWith("<") ? "text/html" : "text/plain";
        call.getResponseHeaders().add("Content-Type", type);
        call.sendResponseHeaders(200, body.length);
        call.getResponseBody().write(body);
        call.close();
    }
}
