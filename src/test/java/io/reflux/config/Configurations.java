package io.reflux.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The service's configuration without the service. */
public final class Configurations {
    private Configurations() {}

    public static RefluxConfig of(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withMapping(RefluxConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withSources(new PresetConfigSource())
                .build()
                .getConfigMapping(RefluxConfig.class);
    }
}
