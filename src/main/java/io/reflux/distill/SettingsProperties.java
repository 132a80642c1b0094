package io.reflux.distill;

import io.reflux.nn.AugmentationFamily;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Distillation settings as properties: {@code imagesPerClass} is {@code images-per-class}, a nested record's name goes
 * before with a dot, and the parts of the matching settings stand beside them.
 *
 * <p>It follows the records' own components, so that a new setting needs no second list.
 */
public final class SettingsProperties {
    /** Where the properties live in the service's configuration. */
    public static final String PREFIX = "reflux.distillation.";

    private static final Set<Class<?>> WITHOUT_A_PREFIX = Set.of(StartWindow.class, LabelSettings.class, Guards.class);

    private SettingsProperties() {}

    /** Every property below the prefix with its value, in the order of the records. */
    public static Map<String, String> write(DistillationSettings settings) {
        Map<String, String> properties = new LinkedHashMap<>();
        collect("", settings, properties);
        return properties;
    }

    /**
     * Settings with some properties replaced.
     *
     * @param changes by name, with or without the prefix
     * @throws InvalidSettingsException when a name is unknown, or a value cannot be read or cannot work
     */
    public static DistillationSettings apply(DistillationSettings settings, Map<String, String> changes) {
        Map<String, String> properties = write(settings);
        changes.forEach((given, value) -> {
            String name = given.startsWith(PREFIX) ? given.substring(PREFIX.length()) : given;
            if (properties.replace(name, value) == null) {
                throw new InvalidSettingsException(
                        name, "is no setting; the settings are " + String.join(", ", properties.keySet()));
            }
        });
        return read("", DistillationSettings.class, properties);
    }

    private static void collect(String prefix, Record values, Map<String, String> properties) {
        for (RecordComponent component : values.getClass().getRecordComponents()) {
            Object value = valueOf(component, values);
            if (value instanceof Record nested) {
                collect(nestedPrefix(prefix, component), nested, properties);
            } else {
                properties.put(prefix + propertyName(component), text(value));
            }
        }
    }

    private static <T extends Record> T read(String prefix, Class<T> type, Map<String, String> properties) {
        RecordComponent[] components = type.getRecordComponents();
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : components) {
            values.add(readComponent(prefix, component, properties));
        }
        return construct(type, components, values.toArray());
    }

    private static Object readComponent(String prefix, RecordComponent component, Map<String, String> properties) {
        if (component.getType().isRecord()) {
            Class<? extends Record> nested = component.getType().asSubclass(Record.class);
            return read(nestedPrefix(prefix, component), nested, properties);
        }
        String name = prefix + propertyName(component);
        return parse(
                name, component.getType(), properties.getOrDefault(name, "").trim());
    }

    private static String nestedPrefix(String prefix, RecordComponent component) {
        return WITHOUT_A_PREFIX.contains(component.getType()) ? prefix : prefix + propertyName(component) + ".";
    }

    private static String propertyName(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String text(Object value) {
        if (value instanceof Enum<?> choice) {
            return name(choice);
        }
        return value instanceof Set<?> families ? AugmentationFamily.format(families(families)) : value.toString();
    }

    private static Set<AugmentationFamily> families(Set<?> values) {
        return values.stream().map(AugmentationFamily.class::cast).collect(Collectors.toSet());
    }

    private static Object parse(String name, Class<?> type, String value) {
        try {
            if (type == int.class) {
                return Integer.valueOf(value);
            } else if (type == long.class) {
                return Long.valueOf(value);
            } else if (type == double.class) {
                return Double.valueOf(value);
            } else if (type == boolean.class) {
                return parseSwitch(name, value);
            } else if (type.isEnum()) {
                return parseChoice(name, type, value);
            }
            return AugmentationFamily.parse(value);
        } catch (NumberFormatException e) {
            String wanted = type == double.class ? "a number" : "a whole number";
            throw new InvalidSettingsException(name, "is '" + value + "', must be " + wanted);
        } catch (InvalidSettingsException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(name, "cannot be read: " + e.getMessage());
        }
    }

    private static Object parseChoice(String property, Class<?> type, String value) {
        List<Enum<?>> choices = Arrays.stream(type.getEnumConstants())
                .<Enum<?>>map(choice -> (Enum<?>) choice)
                .toList();
        return choices.stream()
                .filter(choice -> name(choice).equals(value.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new InvalidSettingsException(
                        property,
                        "is '" + value + "', must be one of "
                                + choices.stream().map(SettingsProperties::name).collect(Collectors.joining(", "))));
    }

    static String name(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean parseSwitch(String name, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new InvalidSettingsException(name, "is '" + value + "', must be true or false");
        }
        return value.equals("true");
    }

    private static Object valueOf(RecordComponent component, Record values) {
        try {
            return component.getAccessor().invoke(values);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T extends Record> T construct(Class<T> type, RecordComponent[] components, Object[] values) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidSettingsException invalid) {
                throw invalid;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
