package io.reflux.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Switches the images channel off where {@code reflux.roles} has no collector. */
public final class RolesConfigSource implements ConfigSourceFactory {
    private static final String COLLECTOR = "collector";
    private static final int ABOVE_THE_PACKAGED_PROPERTIES = 260;
    private static final ConfigSource CHANNEL_OFF = new PropertiesConfigSource(
            Map.of("mp.messaging.incoming.images.enabled", "false"), "reflux.roles", ABOVE_THE_PACKAGED_PROPERTIES);

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue roles = context.getValue("reflux.roles");
        boolean collects = roles == null
                || roles.getValue() == null
                || Arrays.stream(roles.getValue().split(","))
                        .anyMatch(role -> role.strip().equalsIgnoreCase(COLLECTOR));
        return collects ? List.of() : List.of(CHANNEL_OFF);
    }
}
