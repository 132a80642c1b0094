package io.reflux.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.reflux.console.Figures;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Figures of one measurement of ingestion, or the medians of several; those that were not measured are left out. */
record IngestFigures(Map<IngestFigure, Double> values) {
    static final IngestFigures NONE = new IngestFigures(Map.of());

    IngestFigures {
        values = Map.copyOf(values);
    }

    /** What {@link #addTo} wrote. */
    static IngestFigures from(JsonNode object) {
        IngestFigures figures = NONE;
        for (IngestFigure figure : IngestFigure.values()) {
            JsonNode value = object.at("/" + figure.path().replace('.', '/'));
            figures = value.isNumber() ? figures.with(figure, value.asDouble()) : figures;
        }
        return figures;
    }

    IngestFigures with(IngestFigure figure, double value) {
        return with(new IngestFigures(Map.of(figure, value)));
    }

    IngestFigures with(IngestFigure figure, OptionalDouble value) {
        return value.isPresent() ? with(figure, value.getAsDouble()) : this;
    }

    /** These and those. */
    IngestFigures with(IngestFigures others) {
        Map<IngestFigure, Double> all = new EnumMap<>(IngestFigure.class);
        all.putAll(values);
        all.putAll(others.values);
        return new IngestFigures(all);
    }

    OptionalDouble value(IngestFigure figure) {
        Double value = values.get(figure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** The median of each figure over the measurements that have it. */
    static IngestFigures medians(List<IngestFigures> measurements) {
        IngestFigures medians = NONE;
        for (IngestFigure figure : IngestFigure.values()) {
            double[] values = measurements.stream()
                    .flatMapToDouble(measurement -> measurement.value(figure).stream())
                    .toArray();
            medians = values.length == 0 ? medians : medians.with(figure, CoreFigures.median(values));
        }
        return medians;
    }

    /** The ratio of each figure that both have. */
    IngestFigures over(IngestFigures others) {
        IngestFigures ratios = NONE;
        for (Map.Entry<IngestFigure, Double> own : values.entrySet()) {
            OptionalDouble other = others.value(own.getKey());
            ratios = other.isPresent() ? ratios.with(own.getKey(), own.getValue() / other.getAsDouble()) : ratios;
        }
        return ratios;
    }

    void addTo(Figures figures, String prefix) {
        for (IngestFigure figure : IngestFigure.values()) {
            value(figure).ifPresent(value -> figures.put(prefix + figure.path(), value));
        }
    }
}
