package io.reflux.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Meters of what this process has taken from the images topic. Feeds are those that counts are kept under, of which an
 * intake knows at most twice {@code reflux.limits.feeds}; results and reasons are fixed words.
 */
final class ImageMeters {
    private static final String FEED = "feed";
    private final MeterRegistry registry;

    ImageMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts a batch whose records are acknowledged. */
    void count(Harvest harvest) {
        harvest.results().forEach(this::count);
        harvest.bytes().forEach((feed, bytes) -> counter(
                        "reflux.images.bytes", "Bytes of the images that were not rejected", FEED, feed)
                .increment(bytes));
    }

    private void count(Harvest.Result result, int records) {
        counter(
                        "reflux.images",
                        "Images taken from the topic and acknowledged, by what became of them",
                        FEED,
                        result.feed(),
                        "result",
                        result.outcome())
                .increment(records);
        if (result.reason() != null) {
            counter(
                            "reflux.rejects",
                            "Records dead-lettered, by reason",
                            FEED,
                            result.feed(),
                            "reason",
                            result.reason().text())
                    .increment(records);
        }
    }

    private Counter counter(String name, String what, String... tags) {
        return Counter.builder(name).description(what).tags(tags).register(registry);
    }
}
