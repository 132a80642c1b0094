package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.oidc.TokenIntrospection;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Those of signed tokens are in {@link OidcAccessTest}. */
final class ExpiryTest {
    @Test
    void aTokenThatOnlyItsProviderCanReadExpiresWhenThatSays() {
        QuarkusSecurityIdentity caller = identity()
                .addAttribute("introspection", new TokenIntrospection("{\"active\":true,\"exp\":1000}"))
                .build();

        assertThat(Expiry.of(caller, Duration.ofSeconds(5))).contains(Instant.ofEpochSecond(1_005));
    }

    @Test
    void aPasswordAndATokenWithoutATimeDoNotExpire() {
        assertThat(Expiry.of(identity().build(), Duration.ZERO)).isEmpty();
        assertThat(Expiry.of(
                        identity()
                                .addAttribute("introspection", new TokenIntrospection("{\"active\":true}"))
                                .build(),
                        Duration.ZERO))
                .isEmpty();
    }

    private static QuarkusSecurityIdentity.Builder identity() {
        return QuarkusSecurityIdentity.builder().setPrincipal(new QuarkusPrincipal("alice"));
    }
}
