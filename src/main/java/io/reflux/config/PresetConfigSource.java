package io.reflux.config;

import io.reflux.distill.InvalidSettingsException;
import io.reflux.distill.Preset;
import io.reflux.distill.Presets;
import io.reflux.distill.SettingsProperties;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Puts the settings of the preset that {@code reflux.distillation.preset} names below everything that is configured.
 */
public final class PresetConfigSource implements ConfigSourceFactory {
    private static final String PROPERTY = SettingsProperties.PREFIX + Presets.PROPERTY;
    private static final int BELOW_ALL_THAT_IS_CONFIGURED = 10;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue name = context.getValue(PROPERTY);
        return name == null || name.getValue() == null ? List.of() : sources(name.getValue());
    }

    private static List<ConfigSource> sources(String name) {
        try {
            Preset preset = Presets.named(name.strip());
            Map<String, String> properties = SettingsProperties.write(preset.settings()).entrySet().stream()
                    .collect(Collectors.toMap(
                            setting -> SettingsProperties.PREFIX + setting.getKey(), Map.Entry::getValue));
            return List.of(new PropertiesConfigSource(properties, PROPERTY, BELOW_ALL_THAT_IS_CONFIGURED));
        } catch (InvalidSettingsException e) {
            // An unknown name is refused with all other settings that cannot work, where it can be said in a sentence.
            return List.of();
        }
    }
}
