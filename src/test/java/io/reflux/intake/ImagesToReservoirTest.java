package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.kafka.Clients;
import io.reflux.kafka.KafkaConnection;
import io.reflux.kafka.TestDirectories;
import io.reflux.reservoir.FeedSample;
import io.reflux.reservoir.Forgetting;
import io.reflux.reservoir.ReservoirScan;
import io.reflux.sample.Identity;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.TopicNames;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ImagesToReservoirTest.Service.class)
final class ImagesToReservoirTest {
    public static final class Service implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "reflux.data.directory", TestDirectories.fresh("stream").toString(),
                    "reflux.broker.port", "0",
                    "reflux.sample.per-class", "20",
                    "reflux.sample.hold-out", "0.2",
                    "reflux.sample.hold-out-minimum", "2",
                    "reflux.limits.pixels", "100000",
                    "reflux.feeds.shaped.shape", "1,2,3");
        }
    }

    /** Of what was read before, and of groups that begin. */
    private static final int OTHER_COMMITS = 8;

    @Inject
    KafkaConnection kafka;

    @Inject
    RefluxConfig config;

    @Inject
    MeterRegistry meters;

    @Test
    void keepsTheSmallestPrioritiesOfEachClassHoweverOftenImagesCome() throws Exception {
        List<ProducerRecord<String, byte[]>> images = Images.many("images", "steady", 1_000);
        Clients clients = new Clients(kafka.bootstrapServers());
        clients.produce(images);
        awaitCounted("steady", 1_000);
        clients.produce(images);
        awaitCounted("steady", 2_000);

        List<ConsumerRecord<String, byte[]>> records = ofFeed("steady");

        Set<String> expected = Samples.bottom(images, FeedSettings.of(config, "steady"));
        Set<String> kept = keptKeys(records);
        assertThat(kept).containsAll(expected);
        assertThat(merged("steady", records)).isEqualTo(expected);
        assertThat(records)
                .allSatisfy(record -> assertThat(record.partition()).isEqualTo(TopicNames.partitionOf("steady", 4)));
        assertThat(meters.counter("reflux.images", "feed", "steady", "result", "kept")
                        .count())
                .isGreaterThanOrEqualTo(expected.size());
    }

    @Test
    void deadLettersEveryBadRecordWithItsReasonAndGoesOn() throws Exception {
        Clients clients = new Clients(kafka.bootstrapServers());
        Map<String, ProducerRecord<String, byte[]>> bad = BadImages.byReason("images", "shaped");
        clients.produce(List.copyOf(bad.values()));
        clients.produce(List.of(Images.one("images", "shaped", 1)));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(progress("shaped").stream()
                        .mapToLong(ProgressRecord::images)
                        .sum())
                .isEqualTo(1));

        Map<String, ConsumerRecord<String, byte[]>> dead = clients.readAll("images-dlq").stream()
                .collect(Collectors.toMap(record -> header(record, "dead-letter-reason"), record -> record));

        assertThat(dead.keySet()).isEqualTo(bad.keySet());
        bad.forEach((reason, sent) -> {
            ConsumerRecord<String, byte[]> letter = dead.get(reason);
            assertThat(letter.value()).as(reason).isEqualTo(sent.value());
            assertThat(letter.key()).isEqualTo("device");
            for (Header header : sent.headers()) {
                assertThat(letter.headers().lastHeader(header.key()).value()).isEqualTo(header.value());
            }
            assertThat(header(letter, "dead-letter-topic")).isEqualTo("images");
            assertThat(header(letter, "dead-letter-partition")).matches("[0-3]");
            assertThat(header(letter, "dead-letter-offset")).matches("\\d+");
            assertThat(header(letter, "dead-letter-detail")).isNotBlank();
        });
        Map<String, Long> rejects = new TreeMap<>();
        for (String feed : List.of("shaped", ImageHeaders.DEFAULT_FEED)) {
            progress(feed).forEach(part -> part.rejects().forEach((r, n) -> rejects.merge(r, n, Long::sum)));
        }
        assertThat(rejects.keySet()).isEqualTo(bad.keySet());
        assertThat(rejects.values()).allMatch(count -> count == 1);
    }

    @Test
    void countsEveryImageOnceWhenPartitionsComeAndGo() throws Exception {
        Clients clients = new Clients(kafka.bootstrapServers());
        clients.produce(Images.many("images", "moved", 500));
        awaitCounted("moved", 500);

        try (KafkaConsumer<byte[], byte[]> other = clients.member("reflux-collector", "images")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                other.poll(Duration.ofMillis(100));
                return !other.assignment().isEmpty();
            });
            clients.produce(Images.many("images", "moved", 1_000).subList(500, 1_000));
            other.poll(Duration.ofMillis(100));
        }

        awaitCounted("moved", 1_000);
        assertThat(merged("moved", ofFeed("moved")))
                .isEqualTo(Samples.bottom(Images.many("images", "moved", 1_000), FeedSettings.of(config, "moved")));
    }

    /** Commits that wait in the client hold the images of their batches. */
    @Test
    void commitsOffsetsOnceASecondHoweverManyBatchesThereAre() throws Exception {
        Clients clients = new Clients(kafka.bootstrapServers());
        List<ProducerRecord<String, byte[]>> images = Images.many("images", "paced", 30);
        Counter kept = meters.counter("reflux.images", "feed", "paced", "result", "kept");
        long before = clients.written("__consumer_offsets");
        long started = System.nanoTime();

        for (int i = 0; i < images.size(); i++) {
            clients.produce(images.subList(i, i + 1));
            int sent = i + 1;
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> kept.count() == sent);
        }

        long seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds();
        assertThat(clients.written("__consumer_offsets") - before)
                .as("commits of %s batches in %s s", images.size(), seconds)
                .isLessThanOrEqualTo(seconds + OTHER_COMMITS);
    }

    @Test
    void takesAnErasedImageNeverAgain() throws Exception {
        Clients clients = new Clients(kafka.bootstrapServers());
        List<ProducerRecord<String, byte[]>> images = Images.many("images", "erased", 60);
        clients.produce(images);
        awaitCounted("erased", 60);
        List<ProducerRecord<String, byte[]>> rest = new ArrayList<>(images);
        rest.remove(7);
        try (Forgetting forgetting = new Forgetting(clients.properties(), kafka.names())) {
            forgetting.erase("erased", Identity.ofEvent("/test/erased", "image-7", "2026-01-01T00:00:07Z"));
        }

        clients.produce(images);

        awaitCounted("erased", 120);
        awaitAlive("erased", Samples.bottom(rest, FeedSettings.of(config, "erased")));
        assertThat(meters.counter("reflux.images", "feed", "erased", "result", "erased")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void countsAResetFeedFromZeroForEveryRecordSentAfterwards() throws Exception {
        Clients clients = new Clients(kafka.bootstrapServers());
        clients.produce(Images.many("images", "reset", 60));
        awaitCounted("reset", 60);
        ResetRecord reset;
        try (Forgetting forgetting = new Forgetting(clients.properties(), kafka.names())) {
            reset = forgetting.restart("reset", false);
        }

        List<ProducerRecord<String, byte[]>> second =
                Images.many("images", "reset", 100).subList(30, 100);
        clients.produce(second);

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(progress("reset").stream()
                        .filter(part -> part.incarnation().equals(reset.incarnation()))
                        .mapToLong(ProgressRecord::images)
                        .sum())
                .isEqualTo(70));
        awaitAlive("reset", Samples.bottom(second, FeedSettings.of(config, "reset")));
    }

    /** Waits until compaction would leave these images of the feed and no others. */
    private void awaitAlive(String feed, Set<String> expected) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(Samples.alive(ofFeed(feed))).isEqualTo(expected));
    }

    private void awaitCounted(String feed, long images) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(progress(feed).stream()
                        .mapToLong(ProgressRecord::images)
                        .sum())
                .isEqualTo(images));
    }

    private List<ProgressRecord> progress(String feed) {
        Map<Integer, ProgressRecord> latest = new TreeMap<>();
        ofFeed(feed).forEach(record -> ReservoirScan.read(record)
                .filter(ProgressRecord.class::isInstance)
                .map(ProgressRecord.class::cast)
                .ifPresent(progress -> latest.put(progress.key().partition(), progress)));
        return new ArrayList<>(latest.values());
    }

    private List<ConsumerRecord<String, byte[]>> ofFeed(String feed) {
        return new Clients(kafka.bootstrapServers())
                .readAll("reservoir").stream()
                        .filter(record -> ReservoirKey.parse(record.key())
                                .filter(key -> key.feed().equals(feed))
                                .isPresent())
                        .toList();
    }

    private static Set<String> keptKeys(List<ConsumerRecord<String, byte[]>> records) {
        return records.stream()
                .filter(record -> ReservoirKey.parse(record.key()).orElseThrow() instanceof ReservoirKey.OfImage)
                .map(ConsumerRecord::key)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> merged(String feed, List<ConsumerRecord<String, byte[]>> records) {
        FeedSample sample = new FeedSample(FeedSettings.of(config, feed), 0, settled -> {});
        List<KeptImage> images = new ArrayList<>();
        // The owner of the feed may have written tombstones by now; what they bury is beaten by what is still there.
        for (ConsumerRecord<String, byte[]> record : records) {
            ReservoirScan.read(record)
                    .filter(KeptImage.class::isInstance)
                    .map(KeptImage.class::cast)
                    .ifPresent(images::add);
        }
        sample.merge(images);
        return sample.keptKeys();
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
