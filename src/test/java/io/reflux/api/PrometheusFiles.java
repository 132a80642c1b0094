package io.reflux.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What stands in {@code deploy/observability}. */
final class PrometheusFiles {
    static final Path DIRECTORY = Path.of("deploy", "observability");
    private static final String EXPRESSION = "expr";

    private PrometheusFiles() {}

    /** The expressions of the alert rules. */
    static List<String> rules() throws IOException {
        return alertRules().findValuesAsText(EXPRESSION);
    }

    /** The names of the alerts. */
    static List<String> alerts() throws IOException {
        return alertRules().findValuesAsText("alert");
    }

    /** The names of the jobs that scrape. */
    static Set<String> jobs() throws IOException {
        return Set.copyOf(new YAMLMapper()
                .readTree(DIRECTORY.resolve("prometheus.yml").toFile())
                .findValuesAsText("job_name"));
    }

    private static JsonNode alertRules() throws IOException {
        return new YAMLMapper().readTree(DIRECTORY.resolve("reflux.rules.yml").toFile());
    }

    /** The queries of the dashboard's panels, with a feed and an interval in place of its variables. */
    static List<String> queries() throws IOException {
        return dashboard().findValuesAsText(EXPRESSION).stream()
                .map(query -> query.replace("$feed", ".*").replace("$__rate_interval", "1m"))
                .toList();
    }

    static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(DIRECTORY.resolve("reflux-dashboard.json").toFile());
    }
}
