package io.reflux.config;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Makes the collector a static member of its group where {@code reflux.instance} names this replica. */
public final class InstanceConfigSource implements ConfigSourceFactory {
    private static final String MEMBER = "mp.messaging.incoming.images.group.instance.id";
    private static final int ABOVE_THE_PACKAGED_PROPERTIES = 260;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue instance = context.getValue("reflux.instance");
        if (instance == null
                || instance.getValue() == null
                || instance.getValue().isBlank()) {
            return List.of();
        }
        return List.of(new PropertiesConfigSource(
                Map.of(MEMBER, instance.getValue().strip() + "-collector"),
                "reflux.instance",
                ABOVE_THE_PACKAGED_PROPERTIES));
    }
}
