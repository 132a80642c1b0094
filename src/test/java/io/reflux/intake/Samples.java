package io.reflux.intake;

import io.reflux.config.FeedSettings;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.wire.Coordinates;
import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageRecord;
import io.reflux.wire.Rejection;
import io.reflux.wire.ReservoirKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Bottom-k computed the plain way, to compare with. */
final class Samples {
    private record Ranked(String key, double priority) {}

    private Samples() {}

    /** The keys of the images that compaction would leave of a reservoir's records. */
    static Set<String> alive(Collection<ConsumerRecord<String, byte[]>> records) {
        Set<String> alive = new TreeSet<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            if (record.value() == null) {
                alive.remove(record.key());
            } else if (ReservoirKey.parse(record.key()).orElseThrow() instanceof ReservoirKey.OfImage) {
                alive.add(record.key());
            }
        }
        return alive;
    }

    /** The keys of the sample of these images, held-out ones included; no limit on classes. */
    static Set<String> bottom(Collection<ProducerRecord<String, byte[]>> images, FeedSettings settings)
            throws Rejection {
        Map<String, List<Ranked>> strata = new HashMap<>();
        for (ProducerRecord<String, byte[]> record : images) {
            ImageRecord image = ImageRecord.parse(
                    record.headers(), record.value(), new Coordinates("images", 0, 0, Long.MAX_VALUE / 2));
            EventIdentity event = Objects.requireNonNull(image.headers().event());
            Identity identity =
                    Identity.ofEvent(event.source(), event.id(), event.time().toString());
            boolean heldOut = settings.holdOutRule().holds(HoldOut.contentHash(image.bytes()));
            strata.computeIfAbsent(heldOut + image.label(), unseen -> new ArrayList<>())
                    .add(new Ranked(
                            new ReservoirKey.OfImage(image.feed(), image.label(), identity)
                                    .key()
                                    .text(),
                            settings.priority(identity, event.time().toEpochMilli())));
        }
        Set<String> keys = new TreeSet<>();
        strata.forEach((stratum, ranked) -> ranked.stream()
                .sorted(Comparator.comparingDouble(Ranked::priority))
                .limit(stratum.startsWith("true") ? settings.limits().heldOutPerClass() : settings.perClass())
                .forEach(image -> keys.add(image.key())));
        return keys;
    }
}
