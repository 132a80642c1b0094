package io.reflux.api;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

@QuarkusTest
@TestProfile(OidcProfile.class)
final class OidcAccessTest extends AccessTest {
    @ConfigProperty(name = "quarkus.oidc.auth-server-url")
    String issuer;

    @Override
    Optional<String> authorization(Caller caller) throws Exception {
        return caller.isKnown() ? Optional.of("Bearer " + token(caller, "none")) : Optional.empty();
    }

    @Override
    List<String> forged() throws Exception {
        return List.of(
                "Bearer " + token(Caller.OPERATOR, "expired"),
                "Bearer " + token(Caller.OPERATOR, "issuer"),
                "Bearer " + token(Caller.OPERATOR, "key"),
                "Bearer nonsense",
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString("operator:operator".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Override
    String scheme() {
        return "Bearer";
    }

    @Override
    String mode() {
        return "oidc";
    }

    private String token(Caller caller, String flaw) throws IOException, InterruptedException {
        String query = "name=" + caller.name().toLowerCase(Locale.ROOT) + "&flaw=" + flaw + "&roles="
                + String.join(",", caller.roles());
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(issuer + "/token?" + query)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
