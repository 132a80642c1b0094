package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.reflux.config.FeedSettings;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One set of topics on the broker of a test, the configuration of its replicas, and what has to be on them. */
final class Installation {
    static final int PARTITIONS = 4;
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final int PER_CLASS = 30;
    private static final double HOLD_OUT = 0.2;
    private static final int HOLD_OUT_MINIMUM = 3;

    private final BrokerProcess broker;
    private final TopicNames topics;
    private final List<String> feeds;
    private final String fading;

    /**
     * @param prefix of its topics
     * @param feeds of its images; the last one's images fade, so that its sample never settles
     */
    Installation(BrokerProcess broker, String prefix, List<String> feeds) {
        this.broker = broker;
        this.topics = new TopicNames(prefix);
        this.feeds = List.copyOf(feeds);
        this.fading = feeds.get(feeds.size() - 1);
    }

    TopicNames topics() {
        return topics;
    }

    List<String> feeds() {
        return feeds;
    }

    ImageSource source() {
        return new ImageSource(topics.images(), feeds);
    }

    /**
     * Small rounds whose sets are always better than random real images, because students on those do not learn.
     *
     * @param iterations of matching
     */
    static Map<String, String> rounds(int iterations) {
        Map<String, String> settings = new HashMap<>();
        settings.put("reflux.threads", "1");
        settings.put("reflux.rounds.tolerance", "1");
        settings.put("reflux.rounds.backoff", "PT1S");
        Map.ofEntries(
                        Map.entry("augmentation", "none"),
                        Map.entry("network.width", "8"),
                        Map.entry("network.depth", "1"),
                        Map.entry("experts.count", "1"),
                        Map.entry("experts.epochs", "4"),
                        Map.entry("experts.batch", "32"),
                        Map.entry("matching.iterations", Integer.toString(iterations)),
                        Map.entry("matching.inner-steps", "4"),
                        Map.entry("matching.matched-epochs", "1"),
                        Map.entry("matching.max-start-epoch", "2"),
                        Map.entry("matching.initial-rate", "0.05"),
                        Map.entry("matching.loss-gate", "Infinity"),
                        Map.entry("matching.image-learning-rate", "0.01"),
                        Map.entry("matching.rate-learning-rate", "1e-9"),
                        Map.entry("evaluation.students", "1"),
                        Map.entry("evaluation.random-draws", "1"),
                        Map.entry("evaluation.epochs", "100"),
                        Map.entry("evaluation.real-rate", "1e-9"),
                        Map.entry("evaluation.sample-steps", "5"))
                .forEach((name, value) -> settings.put("reflux.distillation." + name, value));
        return settings;
    }

    /** Sends at least so many records and returns when all are acknowledged. */
    Set<String> send(int count) {
        try (Sending sending = new Sending(broker.client(), source(), 200).start()) {
            await("devices send").atMost(BOUND).until(() -> sending.count() >= count);
            return sending.stop();
        }
    }

    /** The events of rounds so far, of all feeds, in the order of their partitions. */
    List<RoundEvent> events() {
        List<RoundEvent> events = new ArrayList<>();
        TopicReader.committed(broker).all(topics.rounds()).forEach(record -> {
            try {
                events.add(RoundEvent.fromBytes(record.value()));
            } catch (WireException e) {
                throw new IllegalStateException(e);
            }
        });
        return events;
    }

    /** Waits for an event of a feed. */
    RoundEvent awaitEvent(String what, String feed, Predicate<RoundEvent> wanted) {
        return await(what)
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> events().stream()
                                .filter(event -> event.feed().equals(feed))
                                .filter(wanted)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** The configuration of a replica, with these properties besides. */
    Map<String, String> properties(Map<String, String> others) {
        Map<String, String> properties = new HashMap<>();
        properties.put("reflux.topics.prefix", topics.prefix());
        properties.put("reflux.sample.per-class", Integer.toString(PER_CLASS));
        properties.put("reflux.sample.hold-out", Double.toString(HOLD_OUT));
        properties.put("reflux.sample.hold-out-minimum", Integer.toString(HOLD_OUT_MINIMUM));
        properties.put("reflux.feeds." + fading + ".half-life", halfLife().toString());
        properties.putAll(others);
        return properties;
    }

    /**
     * Checks that every acknowledged record is on the images topic, and that reservoir, dead letters and a replica's
     * answers come to what all of them make, byte for byte.
     *
     * @param acknowledged {@code partition/offset} of each record sent
     * @param replica with the API's role
     */
    void verify(Set<String> acknowledged, ServiceProcess replica) {
        TopicReader reader = TopicReader.committed(broker);
        List<ConsumerRecord<String, byte[]>> images = reader.all(topics.images());
        assertThat(images.stream().map(record -> record.partition() + "/" + record.offset()))
                .as("records on the topic")
                .containsAll(acknowledged);
        ExpectedSample expected = new ExpectedSample(images, imagesId(), this::settings);
        Map<String, byte[]> values = expected.values();
        await("the reservoir comes to the bottom k of " + images.size() + " records")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> assertSame(withoutSettings(reader.compacted(topics.reservoir())), values));
        assertThat(deadLetters(reader)).as("dead letters").isEqualTo(new TreeSet<>(expected.rejected()));
        feeds.forEach(feed -> await("the API tells the same of " + feed)
                .atMost(BOUND)
                .untilAsserted(() -> assertTold(replica.feed(feed), feed, expected)));
    }

    private FeedSettings settings(String feed) {
        return new FeedSettings(
                feed,
                true,
                PER_CLASS,
                feed.equals(fading) ? Optional.of(halfLife()) : Optional.empty(),
                HOLD_OUT,
                HOLD_OUT_MINIMUM,
                List.of(),
                100,
                Optional.empty());
    }

    private static Duration halfLife() {
        return Duration.ofMinutes(10);
    }

    private static void assertSame(Map<String, byte[]> found, Map<String, byte[]> expected) {
        Set<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(found.keySet());
        assertThat(missing).as("missing in the reservoir").isEmpty();
        Set<String> surplus = new TreeSet<>(found.keySet());
        surplus.removeAll(expected.keySet());
        assertThat(surplus).as("too much in the reservoir").isEmpty();
        expected.forEach((key, value) ->
                assertThat(found.get(key)).as("value of %s", key).isEqualTo(value));
    }

    private static Map<String, byte[]> withoutSettings(Map<String, byte[]> values) {
        values.keySet().removeIf(key -> key.endsWith("/settings"));
        return values;
    }

    private Collection<String> deadLetters(TopicReader reader) {
        Collection<String> letters = new TreeSet<>();
        reader.all(topics.deadLetters())
                .forEach(letter -> letters.add(ExpectedSample.header(letter, "dead-letter-partition") + "/"
                        + ExpectedSample.header(letter, "dead-letter-offset") + " "
                        + ExpectedSample.header(letter, "dead-letter-reason")));
        return letters;
    }

    private static void assertTold(JsonNode told, String feed, ExpectedSample expected) {
        assertThat(told.at("/in/images").asLong()).as("images of %s", feed).isEqualTo(expected.seen(feed));
        assertThat(told.at("/in/bytes").asLong()).as("bytes of %s", feed).isEqualTo(expected.bytes(feed));
        Map<String, Long> rejects = new TreeMap<>();
        told.path("rejects")
                .properties()
                .forEach(entry -> rejects.put(entry.getKey(), entry.getValue().asLong()));
        assertThat(rejects).as("rejects of %s", feed).isEqualTo(expected.rejects(feed));
        Map<String, Integer> sample = new TreeMap<>();
        told.path("sample")
                .properties()
                .forEach(entry -> sample.put(entry.getKey(), entry.getValue().asInt()));
        assertThat(sample).as("sample of %s", feed).isEqualTo(expected.perClass(feed));
    }

    private String imagesId() {
        try (Admin admin = Admin.create(broker.client())) {
            return admin.describeTopics(List.of(topics.images()))
                    .allTopicNames()
                    .get()
                    .get(topics.images())
                    .topicId()
                    .toString();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
