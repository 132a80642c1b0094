package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the service exports after a round and while one runs: the right values, and what docs, rules and dashboard say of it. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class MetricsTest extends ApiTest {
    private static final String FEED = "observed";
    private static final Path DOCS = Path.of("docs", "metrics.md");

    /** A line of the table: name, kind, labels. */
    private static final Pattern ROW = Pattern.compile("\\| `(reflux_\\w+)` \\| (\\w+) \\|([^|]*)\\|.*");

    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");
    private static Instant before;

    @BeforeEach
    void aRoundAndABadRecord() {
        if (before == null) {
            before = Instant.now();
            feeds.produce(FEED, 30);
            feeds.publish(FEED);
            feeds.send(List.of(feeds.image(FEED, "class-0", 99, new byte[] {1})));
            await().atMost(ApiFeeds.BOUND)
                    .until(() -> Scrape.now().value(of("reflux_rejects_total", "reason", "shape-invalid")) == 1);
        }
        await().atMost(ApiFeeds.BOUND)
                .until(() -> Scrape.now().value("reflux_generation" + own()) == 1
                        && !lag(Scrape.now()).isEmpty());
    }

    @Test
    void measuresWhatAFeedAndItsRoundHaveBeen() {
        Map<String, Object> manifest = given().get("/api/v1/feeds/" + FEED + "/generations/current")
                .jsonPath()
                .getMap("");
        double out = ((Number) ((Map<?, ?>) manifest.get("out")).get("bytes")).doubleValue();

        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> {
            Scrape scrape = Scrape.now();
            Map<String, Double> expected = new TreeMap<>();
            expected.put(of("reflux_images_total", "result", "kept"), 30.0);
            expected.put(of("reflux_images_total", "result", "rejected"), 1.0);
            expected.put(of("reflux_rejects_total", "reason", "shape-invalid"), 1.0);
            expected.put("reflux_images_bytes_total" + own(), 180.0);
            expected.put("reflux_feed_images" + own(), 30.0);
            expected.put("reflux_feed_bytes" + own(), 180.0);
            expected.put("reflux_sample_images" + own(), 30.0);
            expected.put("reflux_sample_classes" + own(), 2.0);
            expected.put(of("reflux_rounds_total", "outcome", "finished"), 1.0);
            expected.put(of("reflux_round_stage_seconds_count", "stage", "distilling"), 1.0);
            expected.put("reflux_round_running" + own(), 0.0);
            expected.put("reflux_round_loss" + own(), 0.4);
            expected.put(of("reflux_accuracy_ratio", "trained_on", "distilled"), 0.8);
            expected.put(of("reflux_accuracy_ratio", "trained_on", "random"), 0.5);
            expected.put(of("reflux_accuracy_ratio", "trained_on", "sample"), 0.9);
            expected.put("reflux_generation" + own(), 1.0);
            expected.put("reflux_generation_in_images" + own(), 30.0);
            expected.put("reflux_generation_in_bytes" + own(), 180.0);
            expected.put("reflux_generation_out_bytes" + own(), out);
            expected.put("reflux_compaction_ratio" + own(), 180 / out);
            expected.forEach((series, value) ->
                    assertThat(scrape.value(series)).as(series).isEqualTo(value));
        });
    }

    @Test
    void measuresTimesLagAndMemory() {
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> {
            Scrape scrape = Scrape.now();
            double now = Instant.now().toEpochMilli() / 1000.0;

            assertThat(scrape.value("reflux_generation_timestamp_seconds" + own()))
                    .isBetween(before.toEpochMilli() / 1000.0, now);
            // the images say that they are of the first seconds of 1970
            assertThat(scrape.value("reflux_sample_newest_age_seconds" + own())).isCloseTo(now - 29, within(5));
            assertThat(scrape.value("reflux_sample_age_seconds" + own())).isCloseTo(now - 14.5, within(5));
            assertThat(lag(scrape)).isNotEmpty().containsOnly(0.0);
            assertThat(scrape.value("reflux_transactions_total{outcome=\"committed\"}"))
                    .isPositive();
            assertThat(scrape.value("reflux_device_memory_limit_bytes{device=\"cpu\"}"))
                    .isGreaterThan(1 << 28);
            if (Files.exists(Path.of("/proc/self/status"))) {
                assertThat(scrape.value("reflux_device_memory_bytes{device=\"cpu\"}"))
                        .isBetween(
                                (double) (1 << 26), scrape.value("reflux_device_memory_limit_bytes{device=\"cpu\"}"));
            }
        });
    }

    @Test
    void tellsOfADeletedFeedNoMoreThanWhatWasTaken() {
        feeds.produce("passing", 30);
        feeds.publish("passing");
        await().atMost(ApiFeeds.BOUND)
                .until(() -> namesOf("passing").containsAll(Set.of("reflux_rounds_total", "reflux_feed_images")));

        given().delete("/api/v1/feeds/passing?confirm=passing").then().statusCode(200);

        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> assertThat(namesOf("passing"))
                .isSubsetOf("reflux_images_total", "reflux_images_bytes_total"));
        feeds.produce("passing", 4);
        await().atMost(ApiFeeds.BOUND).until(() -> Scrape.now().value("reflux_feed_images{feed=\"passing\"}") == 4);
    }

    /** The metrics that have a series of a feed. */
    private static Set<String> namesOf(String feed) {
        return Scrape.now().values().keySet().stream()
                .filter(series -> series.startsWith("reflux_") && series.contains("feed=\"" + feed + "\""))
                .map(series -> series.substring(0, series.indexOf('{')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void exportsWhatIsDocumentedAndNothingElse() throws IOException {
        Scrape scrape = Scrape.now();
        Map<String, String> documented = new TreeMap<>();
        Files.readAllLines(DOCS).forEach(line -> {
            var row = ROW.matcher(line);
            if (row.matches()) {
                documented.put(row.group(1), row.group(2) + " " + new TreeSet<>(quoted(row.group(3))));
            }
        });
        Map<String, String> exported = new TreeMap<>();
        scrape.kinds().forEach((name, kind) -> {
            if (name.startsWith("reflux_")) {
                String series = kind.equals("summary") ? name + "_count" : name;
                exported.put(name, kind + " " + scrape.labels().get(series).keySet());
            }
        });

        assertThat(exported).isEqualTo(documented);
    }

    @Test
    void everyQueryOfTheDashboardAsksForWhatIsExported() throws IOException {
        List<String> queries = PrometheusFiles.queries();

        assertThat(queries).hasSizeGreaterThan(20);
        assertExported(queries);
        assertThat(PrometheusFiles.dashboard().at("/templating/list").findValuesAsText("definition"))
                .containsExactly("label_values(reflux_feed_images, feed)");
    }

    @Test
    void everyRuleAsksForWhatIsExported() throws IOException {
        List<String> rules = PrometheusFiles.rules();

        assertThat(rules).hasSizeGreaterThan(8);
        assertExported(rules);
    }

    @Test
    void theDashboardShowsEveryMetric() throws IOException {
        Set<String> shown = PrometheusFiles.queries().stream()
                .flatMap(query -> PromQuery.of(query).metrics().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> own = Scrape.now().names().stream()
                .filter(name -> name.startsWith("reflux_"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(shown).isEqualTo(own);
    }

    @Test
    void labelsAreOfClosedListsAndOfFeeds() {
        Scrape scrape = Scrape.now();

        assertThat(valuesOf(scrape, "reflux_images_total", "result")).isSubsetOf(ExportedLabels.RESULTS);
        assertThat(valuesOf(scrape, "reflux_rejects_total", "reason")).isSubsetOf(ExportedLabels.REASONS);
        assertThat(valuesOf(scrape, "reflux_rounds_total", "outcome")).isSubsetOf(ExportedLabels.OUTCOMES);
        assertThat(valuesOf(scrape, "reflux_round_stage_seconds_count", "stage"))
                .isSubsetOf(ExportedLabels.STAGES);
        assertThat(valuesOf(scrape, "reflux_accuracy_ratio", "trained_on"))
                .containsExactlyInAnyOrder("distilled", "random", "sample");
        assertThat(valuesOf(scrape, "reflux_transactions_total", "outcome"))
                .containsExactlyInAnyOrder("committed", "aborted", "fenced");
    }

    @Test
    void noticesWhatAQueryAsksForInVain() throws IOException {
        ExportedLabels exported = ExportedLabels.now();
        Map<String, List<String>> wrong = new TreeMap<>();
        wrong.put("sum(reflux_lags_images)", List.of("reflux_lags_images"));
        wrong.put(
                "max by (feed) (reflux_accuracy_ratio{trained_on=\"distiled\"})",
                List.of("reflux_accuracy_ratio{trained_on=distiled}"));
        wrong.put(
                "increase(reflux_transactions_total{outcome!=\"comitted\"}[15m])",
                List.of("reflux_transactions_total{outcome!=comitted}"));
        wrong.put(
                "sum by (feed) (increase(reflux_rounds_total{outcome=~\"failed|refusd\"}[1h]))",
                List.of("reflux_rounds_total{outcome=~failed|refusd}"));
        wrong.put("up{job=\"reflex\"} == 0", List.of("up{job=reflex}"));
        wrong.put(
                "sum by (reason) (rate(reflux_images_total[1m])) / sum(rate(reflux_rejects_total[1m]))",
                List.of("reflux_images_total by reason"));
        wrong.put("sum(rate(reflux_rejects_total[1m])) by (result)", List.of("reflux_rejects_total by result"));
        wrong.put("reflux_feed_images > on (feed) reflux_lag_images", List.of("reflux_lag_images by feed"));

        wrong.forEach((query, missing) ->
                assertThat(exported.missing(query)).as(query).containsExactlyElementsOf(missing));
        assertThat(exported.missing("sum by (feed) (increase(reflux_rounds_total{outcome=~\"failed|refused\"}[1h]))"))
                .isEmpty();
    }

    @Test
    void isWhatPrometheusReads() throws Exception {
        Promtool promtool = Promtool.assumed();
        String own = Scrape.text()
                .lines()
                .filter(line -> line.contains("reflux_"))
                .collect(Collectors.joining("\n", "", "\n"));

        promtool.approvesMetrics(own);
    }

    @Test
    void measuresARoundThatRuns() {
        String feed = "running";
        feeds.produce(feed, 12);
        engine.endless = true;
        given().post("/api/v1/feeds/" + feed + "/rounds").then().statusCode(202);

        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> {
            Scrape scrape = Scrape.now();
            assertThat(scrape.value("reflux_round_running{feed=\"running\"}")).isEqualTo(1);
            // the engine has done one of ten steps
            assertThat(scrape.value("reflux_round_progress_ratio{feed=\"running\"}"))
                    .isEqualTo(0.1);
            assertThat(scrape.value("reflux_round_loss{feed=\"running\"}")).isEqualTo(0.9);
        });

        given().delete("/api/v1/feeds/" + feed + "/rounds/current").then().statusCode(202);
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> {
            Scrape scrape = Scrape.now();
            assertThat(scrape.value("reflux_rounds_total{feed=\"running\",outcome=\"cancelled\"}"))
                    .isEqualTo(1);
            assertThat(scrape.value("reflux_round_running{feed=\"running\"}")).isZero();
            assertThat(scrape.values()).containsEntry("reflux_round_progress_ratio{feed=\"running\"}", Double.NaN);
        });
    }

    private static void assertExported(List<String> queries) throws IOException {
        ExportedLabels exported = ExportedLabels.now();
        assertThat(queries).allSatisfy(query -> assertThat(exported.missing(query))
                .as("what %s asks for and is not exported", query)
                .isEmpty());
    }

    private static Set<String> valuesOf(Scrape scrape, String metric, String label) {
        Set<String> values = scrape.labels().get(metric).get(label);
        assertThat(values).as("%s of %s", label, metric).isNotEmpty();
        return values;
    }

    private static List<Double> lag(Scrape scrape) {
        return scrape.values().entrySet().stream()
                .filter(series -> series.getKey().startsWith("reflux_lag_images{"))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static String own() {
        return "{feed=\"" + FEED + "\"}";
    }

    private static String of(String metric, String label, String value) {
        return metric
                + Stream.of("feed=\"" + FEED + "\"", label + "=\"" + value + "\"")
                        .sorted()
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static Offset<Double> within(double seconds) {
        return Offset.offset(seconds);
    }
}
