package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.config.Configurations;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.image.ImageShape;
import io.reflux.image.Png;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.KeptImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UnpackingTest {
    private static final RefluxConfig CONFIG = Configurations.of(Map.of("reflux.sample.per-class", "20"));
    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);
    private static final int RECORDS = 2_000;

    @Test
    void changesNothingOfWhatIsDecidedAndInWhichOrder() {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = mixed();

        Harvest alone = harvest(records, 1);
        Harvest together = harvest(records, 4);

        assertThat(together.kept()).hasSizeGreaterThan(60);
        assertThat(names(together)).isEqualTo(names(alone));
        assertThat(places(together)).isEqualTo(places(alone)).hasSize(RECORDS / 10);
        assertThat(together.progress()).isEqualTo(alone.progress());
        assertThat(together.results()).isEqualTo(alone.results());
    }

    @Test
    void sharesCompressedImagesAmongThreads() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch together = new CountDownLatch(2);
        try (Unpacking unpacking = new Unpacking(2)) {
            unpacking.all(received(List.of(png(0), png(1))), image -> {
                threads.add(Thread.currentThread());
                together.countDown();
                assertThat(arrives(together)).as("a second thread takes part").isTrue();
            });
        }

        assertThat(threads).hasSize(2).contains(Thread.currentThread());
    }

    @Test
    void keepsRawPixelsOnTheCallersThread() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        try (Unpacking unpacking = new Unpacking(4)) {
            unpacking.all(received(Images.many("images", "a", 100)), image -> threads.add(Thread.currentThread()));
        }

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void tellsWhatFailedOnAnotherThread() {
        try (Unpacking unpacking = new Unpacking(3)) {
            assertThatThrownBy(() -> unpacking.all(received(List.of(png(0), png(1), png(2))), image -> {
                        throw new IllegalArgumentException("no image");
                    }))
                    .isInstanceOf(RuntimeException.class);
        }
    }

    private static boolean arrives(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Harvest harvest(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records, int threads) {
        try (Unpacking unpacking = new Unpacking(threads)) {
            return new Intake(
                            new ImageJudge(10_000, "topic-id"), unpacking, feed -> FeedSettings.of(CONFIG, feed), 10, 0)
                    .take(records);
        }
    }

    /** PNGs and raw pixels of two feeds, every tenth damaged, every hundredth delivered twice. */
    private static List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> mixed() {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            ProducerRecord<String, byte[]> sent = i % 3 == 0 ? Images.one("images", i % 2 == 0 ? "a" : "b", i) : png(i);
            byte[] value = sent.value();
            records.add(record(sent, i, i % 10 == 5 ? Arrays.copyOf(value, value.length - 1) : value));
            if (i % 100 == 0) {
                records.add(record(sent, i, value));
            }
        }
        return records;
    }

    private static ProducerRecord<String, byte[]> png(int number) {
        byte[] pixels = new byte[SHAPE.size()];
        new Random(number).nextBytes(pixels);
        ImageHeaders named = Images.headers(number % 2 == 0 ? "a" : "b", "class-" + number % 3, number);
        ImageHeaders headers = new ImageHeaders(named.feed(), named.label(), "image/png", null, named.event());
        return Images.record("images", headers, Png.encode(SHAPE, pixels));
    }

    private static List<ReceivedImage> received(List<ProducerRecord<String, byte[]>> sent) {
        return sent.stream()
                .map(record -> new ReceivedImage(record(record, 0, record.value())))
                .toList();
    }

    private static ConsumerRecord<byte @Nullable [], byte @Nullable []> record(
            ProducerRecord<String, byte[]> sent, long offset, byte[] value) {
        return new ConsumerRecord<>(
                "images",
                0,
                offset,
                Long.MAX_VALUE / 2,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                null,
                value,
                new RecordHeaders(sent.headers().toArray()),
                Optional.empty());
    }

    private static List<String> names(Harvest harvest) {
        return harvest.kept().stream()
                .map(KeptImage::key)
                .map(key -> key.key().text())
                .toList();
    }

    private static List<String> places(Harvest harvest) {
        return harvest.deadLetters().stream()
                .map(letter -> letter.record().offset() + " "
                        + letter.rejection().reason().text())
                .toList();
    }
}
