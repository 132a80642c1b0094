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
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * As much of an OpenID Connect provider as a service needs that is given tokens: its discovery document, its keys, and
 * {@code /token?name=…&roles=…&seconds=…}, which signs.
 */
public final class TokenIssuer implements QuarkusTestResourceLifecycleManager {
    private static final String KEY = "key-1";
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
        return "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\",\"token_endpoint\":\"%s/none\",\"authorization_endpoint\":\"%s/none\"}"
                .replace("%s", issuer());
    }

    private String keySet() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"" + KEY + "\",\"n\":\""
                + number(key.getModulus()) + "\",\"e\":\"" + number(key.getPublicExponent()) + "\"}]}";
    }

    /** Asked with {@code flaw}, it is expired, of another issuer, or signed with another key. */
    private String token(String query) {
        Map<String, String> asked = new java.util.HashMap<>();
        for (String part : query.split("&")) {
            asked.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
        }
        Set<String> roles = new HashSet<>(Arrays.asList(asked.get("roles").split(",")));
        String flaw = asked.getOrDefault("flaw", "");
        int seconds = Integer.parseInt(asked.getOrDefault("seconds", "500"));
        Instant now = Instant.now();
        return Jwt.issuer(flaw.equals("issuer") ? "http://127.0.0.1:1" : issuer())
                .subject(asked.get("name"))
                .upn(asked.get("name"))
                .groups(roles)
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
        call.getResponseHeaders().add("Content-Type", text.startsWith("{") ? "application/json" : "text/plain");
        call.sendResponseHeaders(200, body.length);
        call.getResponseBody().write(body);
        call.close();
    }
}
