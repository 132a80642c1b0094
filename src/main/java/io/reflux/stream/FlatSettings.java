package io.reflux.stream;

import io.reflux.distill.DistillationSettings;
import io.reflux.distill.Guards;
import io.reflux.nn.AugmentationFamily;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Distillation settings as properties, such as {@code reflux.distillation.experts.count}. */
final class FlatSettings {
    private static final String PREFIX = "reflux.distillation";

    private FlatSettings() {}

    static SortedMap<String, String> of(DistillationSettings settings) {
        SortedMap<String, String> properties = new TreeMap<>();
        flatten(PREFIX, settings, properties);
        return properties;
    }

    private static void flatten(String name, Object value, SortedMap<String, String> properties) {
        if (value instanceof Guards) {
            // The configuration has the guards among the settings of matching.
            components(PREFIX + ".matching", value, properties);
        } else if (value instanceof Record) {
            components(name, value, properties);
        } else if (value instanceof Set<?> families) {
            properties.put(
                    name,
                    AugmentationFamily.format(families.stream()
                            .map(AugmentationFamily.class::cast)
                            .collect(Collectors.toSet())));
        } else {
            properties.put(name, value.toString());
        }
    }

    private static void components(String name, Object value, SortedMap<String, String> properties) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            flatten(name + "." + hyphenated(component.getName()), get(component, value), properties);
        }
    }

    private static Object get(RecordComponent component, Object value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("settings are public records", e);
        }
    }

    private static String hyphenated(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
