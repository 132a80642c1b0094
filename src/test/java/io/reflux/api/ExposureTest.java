package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.config.InvalidConfigurationException;
import io.reflux.config.RefluxConfig;
import io.reflux.config.SecurityMode;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExposureTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", "10.0.0.1", "169.254.1.1", "no-such-host.invalid"})
    void anAddressThatOthersReachIsRefusedUnlessItIsMeant(String host) {
        assertThatThrownBy(() -> Exposure.requireLoopback(host, false))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContainingAll(
                        "quarkus.http.host is " + host,
                        "reflux.security=basic or oidc",
                        "127.0.0.1",
                        "reflux.security.none-on-public-address=true");
        assertThatCode(() -> Exposure.requireLoopback(host, true)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "localhost"})
    void thisMachineMayBeAskedByItself(String host) {
        assertThatCode(() -> Exposure.requireLoopback(host, false)).doesNotThrowAnyException();
    }

    @Test
    void containersSayItByTheEnvironment() {
        RefluxConfig forced = config(Map.of("REFLUX_SECURITY_NONE_ON_PUBLIC_ADDRESS", "true"));
        RefluxConfig chosen =
                config(Map.of("REFLUX_SECURITY", "basic", "REFLUX_SECURITY_HOSTS", "a.example,b.example"));

        assertThat(forced.security().mode()).isEqualTo(SecurityMode.NONE);
        assertThat(forced.security().noneOnPublicAddress()).isTrue();
        assertThat(chosen.security().mode()).isEqualTo(SecurityMode.BASIC);
        assertThat(chosen.security().noneOnPublicAddress()).isFalse();
        assertThat(chosen.security().hosts()).contains(List.of("a.example", "b.example"));
    }

    private static RefluxConfig config(Map<String, String> environment) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(RefluxConfig.class)
                .withSources(new EnvConfigSource(environment, 300))
                .build();
        return config.getConfigMapping(RefluxConfig.class);
    }
}
