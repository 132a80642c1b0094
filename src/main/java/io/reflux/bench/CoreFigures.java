package io.reflux.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.reflux.console.Figures;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Figures of one measurement of the core, or the medians of several; those that were not measured are left out.
 *
 * @param values in the units of {@link CoreFigure#words}
 */
record CoreFigures(Map<CoreFigure, Double> values) {
    static final CoreFigures NONE = new CoreFigures(Map.of());

    CoreFigures {
        values = Map.copyOf(values);
    }

    /** What {@link #addTo} wrote. */
    static CoreFigures from(JsonNode object) {
        Map<CoreFigure, Double> values = new EnumMap<>(CoreFigure.class);
        for (CoreFigure figure : CoreFigure.values()) {
            JsonNode value = object.at("/" + figure.path().replace('.', '/'));
            if (value.isNumber()) {
                values.put(figure, value.asDouble());
            }
        }
        return new CoreFigures(values);
    }

    OptionalDouble value(CoreFigure figure) {
        Double value = values.get(figure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** These and those. */
    CoreFigures with(CoreFigures others) {
        Map<CoreFigure, Double> all = new EnumMap<>(CoreFigure.class);
        all.putAll(values);
        all.putAll(others.values);
        return new CoreFigures(all);
    }

    /** The median of each figure over the measurements that have it. */
    static CoreFigures medians(List<CoreFigures> measurements) {
        Map<CoreFigure, Double> medians = new EnumMap<>(CoreFigure.class);
        for (CoreFigure figure : CoreFigure.values()) {
            double[] values = measurements.stream()
                    .flatMapToDouble(measurement -> measurement.value(figure).stream())
                    .toArray();
            if (values.length > 0) {
                medians.put(figure, median(values));
            }
        }
        return new CoreFigures(medians);
    }

    /** The ratio of each figure that both have. */
    CoreFigures over(CoreFigures others) {
        Map<CoreFigure, Double> ratios = new EnumMap<>(CoreFigure.class);
        values.forEach((figure, value) -> others.value(figure).ifPresent(other -> ratios.put(figure, value / other)));
        return new CoreFigures(ratios);
    }

    void addTo(Figures figures, String prefix) {
        for (CoreFigure figure : CoreFigure.values()) {
            value(figure).ifPresent(value -> figures.put(prefix + figure.path(), value));
        }
    }

    /** The middle value, or the mean of the two in the middle. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
