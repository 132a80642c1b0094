package io.reflux.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Switches OpenID Connect on where {@code reflux.security} is {@code oidc}; off it asks no provider and costs nothing. */
public final class SecurityConfigSource implements ConfigSourceFactory {
    private static final String PROPERTY = "reflux.security";
    private static final int ABOVE_THE_PACKAGED_PROPERTIES = 260;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue mode = context.getValue(PROPERTY);
        boolean chosen = mode != null
                && mode.getValue() != null
                && mode.getValue().strip().equalsIgnoreCase(SecurityMode.OIDC.name());
        return List.of(new PropertiesConfigSource(
                Map.of("quarkus.oidc.tenant-enabled", Boolean.toString(chosen)),
                PROPERTY,
                ABOVE_THE_PACKAGED_PROPERTIES));
    }
}
