package io.reflux.rounds;

import io.reflux.config.FeedSettings;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.SettingsProperties;
import io.reflux.reservoir.SampleSnapshot;
import io.reflux.wire.RoundOrigin;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a round works on and by, for its events and its manifest. */
final class Origins {
    private Origins() {}

    /** @param version of Reflux */
    static RoundOrigin of(SampleSnapshot snapshot, DistillationSettings settings, String version) {
        return new RoundOrigin(
                new TreeMap<>(snapshot.offsets()), settings.seed(), version, configuration(snapshot, settings));
    }

    /** Every setting that decides a distillation, by property name. */
    static SortedMap<String, String> configuration(SampleSnapshot snapshot, DistillationSettings settings) {
        SortedMap<String, String> properties = new TreeMap<>();
        SettingsProperties.write(settings)
                .forEach((name, value) -> properties.put(SettingsProperties.PREFIX + name, value));
        FeedSettings feed = snapshot.settings();
        properties.put("reflux.sample.per-class", Integer.toString(feed.perClass()));
        properties.put("reflux.sample.hold-out", Double.toString(feed.holdOut()));
        properties.put("reflux.sample.hold-out-minimum", Integer.toString(feed.holdOutMinimum()));
        properties.put(
                "reflux.sample.half-life",
                feed.halfLife().map(Duration::toString).orElse(""));
        return properties;
    }
}
