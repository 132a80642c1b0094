package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.kafka.Clients;
import io.reflux.kafka.KafkaConnection;
import io.reflux.kafka.TestDirectories;
import io.reflux.reservoir.ReservoirScan;
import io.reflux.telemetry.LoggedLines;
import io.reflux.wire.DeadLetter;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.ProgressRecord;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A stream that is half bad: what is good flows, and of what is bad everything is told, once. */
@QuarkusTest
@TestProfile(BadRecordStormTest.Service.class)
final class BadRecordStormTest {
    private static final Duration BOUND = Duration.ofSeconds(120);
    private static final String FEED = "stormy";
    private static final String EXPECTED = "expected-reason";
    private static final int ROUNDS = 300;

    public static final class Service implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "reflux.data.directory",
                    TestDirectories.fresh("storm").toString(),
                    "reflux.broker.port",
                    "0",
                    "reflux.sample.per-class",
                    "20",
                    "reflux.rounds.every-images",
                    "0",
                    "reflux.limits.pixels",
                    "100000",
                    "reflux.feeds." + FEED + ".shape",
                    "1,2,3");
        }
    }

    @Inject
    KafkaConnection kafka;

    @Inject
    RefluxConfig config;

    @Inject
    MeterRegistry meters;

    @Test
    void theGoodFlowAndEachBadOneIsDeadLetteredOnceWithAllThatIsKnownOfIt() throws Exception {
        List<ProducerRecord<String, byte[]>> bad = badOnes();
        List<ProducerRecord<String, byte[]>> good = Images.many("images", FEED, bad.size());
        List<ProducerRecord<String, byte[]>> mixed = new ArrayList<>(bad);
        mixed.addAll(good);
        Collections.shuffle(mixed, new Random(1));
        Map<String, Long> reasons = bad.stream()
                .collect(Collectors.groupingBy(BadRecordStormTest::expected, TreeMap::new, Collectors.counting()));
        LoggedLines logged = new LoggedLines();
        Clients clients = new Clients(kafka.bootstrapServers());

        clients.produce(mixed);
        await().atMost(BOUND).untilAsserted(() -> assertThat(progress()).containsEntry("images", (long) good.size()));
        await().atMost(BOUND).untilAsserted(() -> {
            Map<String, Long> rejects = new TreeMap<>(progress());
            rejects.remove("images");
            assertThat(rejects).isEqualTo(reasons);
        });
        logged.close();

        assertThat(places(clients.readAll("images-dlq"))).isEqualTo(sent(clients));
        assertThat(clients.readAll("images-dlq")).hasSize(bad.size());
        reasons.forEach(
                (reason, count) -> assertThat(counted(reason)).as(reason).isEqualTo((double) count));
        Set<String> sample = Samples.bottom(good, FeedSettings.of(config, FEED));
        await().atMost(BOUND).untilAsserted(() -> assertThat(Samples.alive(clients.readAll("reservoir")))
                .isEqualTo(sample));
        assertThat(logged.mentioning("dead-lettered"))
                .hasSizeBetween(1, 2 + (int) (logged.seconds() / RejectionLog.INTERVAL.toSeconds()));
        assertThat(logged.all().size()).as("lines in the log").isLessThan(50);
    }

    /** What is known of a bad record: its reason, its key and its bytes, by its place. */
    private record Letter(String reason, String key, String value) {
        private Letter(String reason, ConsumerRecord<String, byte[]> record) {
            this(
                    reason,
                    record.key(),
                    record.value() == null ? "null" : new String(record.value(), StandardCharsets.ISO_8859_1));
        }
    }

    private static Map<String, Letter> sent(Clients clients) {
        return clients.readAll("images").stream()
                .filter(record -> record.headers().lastHeader(EXPECTED) != null)
                .collect(Collectors.toMap(
                        record -> record.topic() + "-" + record.partition() + "@" + record.offset(),
                        record -> new Letter(header(record, EXPECTED), record)));
    }

    /** Throws when two letters tell of one place. */
    private static Map<String, Letter> places(List<ConsumerRecord<String, byte[]>> letters) {
        return letters.stream()
                .collect(Collectors.toMap(
                        letter -> header(letter, DeadLetter.TOPIC) + "-" + header(letter, DeadLetter.PARTITION) + "@"
                                + header(letter, DeadLetter.OFFSET),
                        letter -> new Letter(header(letter, DeadLetter.REASON), letter)));
    }

    private static List<ProducerRecord<String, byte[]>> badOnes() {
        List<ProducerRecord<String, byte[]>> bad = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            BadImages.byReason("images", FEED).forEach((reason, record) -> {
                record.headers().add(EXPECTED, reason.getBytes(StandardCharsets.UTF_8));
                bad.add(record);
            });
        }
        return bad;
    }

    /** Rejects by reason, and the images under {@code images}, over all partitions and both feeds they count under. */
    private Map<String, Long> progress() {
        Map<String, ProgressRecord> latest = new HashMap<>();
        new Clients(kafka.bootstrapServers()).readAll("reservoir").forEach(record -> ReservoirScan.read(record)
                .filter(ProgressRecord.class::isInstance)
                .map(ProgressRecord.class::cast)
                .ifPresent(progress -> latest.put(record.key(), progress)));
        Map<String, Long> sums = new TreeMap<>();
        latest.values().forEach(progress -> {
            sums.merge("images", progress.images(), Long::sum);
            progress.rejects().forEach((reason, count) -> sums.merge(reason, count, Long::sum));
        });
        return sums;
    }

    private double counted(String reason) {
        String feed = reason.equals("feed-invalid") ? ImageHeaders.DEFAULT_FEED : FEED;
        return meters.counter("reflux.rejects", "feed", feed, "reason", reason).count();
    }

    private static String expected(ProducerRecord<?, ?> record) {
        return new String(record.headers().lastHeader(EXPECTED).value(), StandardCharsets.UTF_8);
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
