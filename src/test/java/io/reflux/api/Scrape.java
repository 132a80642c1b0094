package io.reflux.api;

import static io.restassured.RestAssured.given;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /q/metrics} of the running application answers: the kind of each metric, the values of each of its labels, and
 * the value of each series {@code name{label="value",…}}, with its labels in alphabetical order.
 */
record Scrape(Map<String, String> kinds, Map<String, Map<String, Set<String>>> labels, Map<String, Double> values) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SERIES = Pattern.compile("(\\w+)(\\{.*})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Scrape now() {
        Scrape scrape = new Scrape(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        text().lines().forEach(scrape::read);
        return scrape;
    }

    /** As Prometheus gets it. */
    static String text() {
        return given().accept("text/plain; version=0.0.4")
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    /** Every name a query may ask for. */
    Set<String> names() {
        return labels.keySet();
    }

    double value(String series) {
        return values.getOrDefault(series, Double.NaN);
    }

    private void read(String line) {
        Matcher type = TYPE.matcher(line);
        Matcher series = SERIES.matcher(line);
        if (type.matches()) {
            kinds.put(type.group(1), type.group(2));
        } else if (series.matches()) {
            Map<String, String> found = new TreeMap<>();
            Map<String, Set<String>> known = labels.computeIfAbsent(series.group(1), name -> new TreeMap<>());
            if (series.group(2) != null) {
                LABEL.matcher(series.group(2)).results().forEach(label -> {
                    found.put(label.group(1), label.group(0));
                    known.computeIfAbsent(label.group(1), name -> new TreeSet<>())
                            .add(label.group(2));
                });
            }
            String tags = found.isEmpty() ? "" : "{" + String.join(",", found.values()) + "}";
            values.put(series.group(1) + tags, value(series));
        }
    }

    private static double value(Matcher series) {
        String text = series.group(3);
        return text.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }
}
