package io.reflux.api;

import io.reflux.wire.Rejection;
import io.reflux.wire.RoundEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What queries may ask for: the metrics of a scrape, the labels of each, and the values that these can have. */
record ExportedLabels(Scrape scrape, Set<String> jobs) {
    static final Set<String> RESULTS = Set.of("kept", "passed", "erased", "class-limit", "rejected");
    static final Set<String> REASONS =
            Arrays.stream(Rejection.Reason.values()).map(Rejection.Reason::text).collect(Collectors.toSet());
    static final Set<String> OUTCOMES = Arrays.stream(RoundEvent.Type.values())
            .filter(RoundEvent.Type::ends)
            .map(RoundEvent.Type::text)
            .collect(Collectors.toSet());
    static final Set<String> STAGES = Set.of("sampling", "training-experts", "distilling", "evaluating", "publishing");

    /** Values that a scrape need not have: a test cannot make all of them happen. */
    private static final Map<String, Set<String>> CLOSED = Map.of(
            "reflux_images_total result", RESULTS,
            "reflux_rejects_total reason", REASONS,
            "reflux_rounds_total outcome", OUTCOMES,
            "reflux_round_stage_seconds_count stage", STAGES,
            "reflux_round_stage_seconds_sum stage", STAGES,
            "reflux_round_stage_seconds_max stage", STAGES,
            "reflux_device_memory_bytes device", Set.of("cpu", "gpu"),
            "reflux_device_memory_limit_bytes device", Set.of("cpu", "gpu"));

    private static final String JOB = "job";

    /** What Prometheus itself knows of a target, and the labels that it adds to what it scrapes. */
    private static final String UP = "up";

    private static final Set<String> ADDED = Set.of(JOB, "instance");

    static ExportedLabels now() throws IOException {
        return new ExportedLabels(Scrape.now(), PrometheusFiles.jobs());
    }

    /** What a query asks for in vain; empty when it makes sense. */
    List<String> missing(String query) {
        List<String> missing = new ArrayList<>();
        List<PromQuery.Selector> selectors = PromQuery.of(query).selectors();
        if (selectors.isEmpty()) {
            missing.add("any metric");
        }
        for (PromQuery.Selector selector : selectors) {
            String metric = selector.metric();
            if (!scrape.names().contains(metric) && !metric.equals(UP)) {
                missing.add(metric);
                continue;
            }
            Set<String> unknown = new TreeSet<>(selector.labels());
            unknown.removeAll(labels(metric).keySet());
            unknown.removeAll(ADDED);
            unknown.forEach(label -> missing.add(metric + " by " + label));
            selector.matchers().stream()
                    .filter(matcher -> !unknown.contains(matcher.label()))
                    .filter(matcher -> !matcher.isPossible(values(metric, matcher.label())))
                    .forEach(matcher ->
                            missing.add(metric + "{" + matcher.label() + matcher.operator() + matcher.value() + "}"));
        }
        return missing;
    }

    private Set<String> values(String metric, String label) {
        if (label.equals(JOB)) {
            return jobs;
        }
        Set<String> values = new TreeSet<>(labels(metric).getOrDefault(label, Set.of()));
        values.addAll(CLOSED.getOrDefault(metric + " " + label, Set.of()));
        return values;
    }

    private Map<String, Set<String>> labels(String metric) {
        return scrape.labels().getOrDefault(metric, Map.of());
    }
}
