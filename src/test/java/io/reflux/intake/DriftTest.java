package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.config.Configurations;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.reservoir.FeedSample;
import io.reflux.sample.Candidate;
import io.reflux.sample.Identity;
import io.reflux.sample.Priority;
import io.reflux.sample.Reservoir;
import io.reflux.sample.SampleLimits;
import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.KeptImage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * With a half-life H the kept ages have the density ∝ 1 − exp(−τ·2^(−age/H)), where τ makes the expected number kept k.
 *
 * <p>The test is that of Kolmogorov and Smirnov at the level of 0.001: the largest distance between the kept ages'
 * distribution and the rule's exceeds 1.95/√k by chance once in a thousand streams. The streams are fixed.
 */
final class DriftTest {
    private static final double LEVEL_OF_A_THOUSANDTH = 1.95;
    private static final Duration HALF_LIFE = Duration.ofHours(1);
    private static final double HALF_LIFE_SECONDS = HALF_LIFE.toSeconds();
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void keptAgesFollowTheRuleWhenImagesComeEverySecond() {
        int images = 60_000;
        int kept = 1_000;
        double tau = solve(t -> mass(t, images) - kept);
        for (int stream = 0; stream < 5; stream++) {
            double[] ages = keptAges("steady-" + stream, images, kept);

            assertThat(distance(ages, age -> mass(tau, age) / mass(tau, images)))
                    .isLessThan(bound(kept));
            assertThat(ages[kept / 2]).isLessThan(4 * HALF_LIFE_SECONDS);
        }
        // The distance tells a half-life that is a quarter longer.
        double wrong = 1.25;
        assertThat(distance(
                        keptAges("steady-0", images, kept), age -> mass(tau, age / wrong) / mass(tau, images / wrong)))
                .isGreaterThan(bound(kept));
    }

    @Test
    void keptAgesFollowTheRuleWhenClocksGoBackAndRecordsComeLate() throws Exception {
        int images = 20_000;
        int kept = 500;
        Duration skew = Duration.ofMinutes(5);
        RefluxConfig config = Configurations.of(Map.of(
                "reflux.sample.per-class",
                Integer.toString(kept),
                "reflux.sample.half-life",
                HALF_LIFE.toString(),
                "reflux.sample.hold-out",
                "0",
                "reflux.sample.hold-out-minimum",
                "0"));
        FeedSettings settings = FeedSettings.of(config, "drifting");
        List<Moment> moments = disorderly(images, new Random(7));
        Intake intake =
                new Intake(new ImageJudge(100, "topic"), new Unpacking(1), feed -> settings, 1, skew.toMillis());

        FeedSample sample = new FeedSample(settings, 0, settled -> {});
        List<KeptImage> admitted = intake.take(records(moments)).kept();
        sample.merge(admitted);

        double[] ages = ages(admitted.stream()
                .filter(image -> sample.keptKeys().contains(image.key().key().text()))
                .map(image -> Instant.ofEpochMilli(image.timestamp()))
                .toList());
        assertThat(ages).hasSize(kept);
        double[] offered = ages(moments.stream()
                .map(moment ->
                        moment.device.isAfter(moment.arrival.plus(skew)) ? moment.arrival.plus(skew) : moment.device)
                .toList());
        double tau =
                solve(t -> DoubleStream.of(offered).map(age -> kept(t, age)).sum() - kept);
        double total = DoubleStream.of(offered).map(age -> kept(tau, age)).sum();
        assertThat(distance(
                        ages,
                        age -> DoubleStream.of(offered)
                                        .filter(a -> a <= age)
                                        .map(a -> kept(tau, a))
                                        .sum()
                                / total))
                .isLessThan(bound(kept));
    }

    @Test
    void theOrderInWhichRecordsComeChangesNothing() throws Exception {
        RefluxConfig config = Configurations.of(
                Map.of("reflux.sample.per-class", "100", "reflux.sample.half-life", HALF_LIFE.toString()));
        FeedSettings settings = FeedSettings.of(config, "drifting");
        List<Moment> moments = disorderly(3_000, new Random(3));
        List<Moment> late = new ArrayList<>(moments);
        Collections.shuffle(late, new Random(4));

        assertThat(kept(settings, late)).isEqualTo(kept(settings, moments)).isNotEmpty();
    }

    /** An image's number, what its device's clock said, and when its record was written. */
    private record Moment(int number, Instant device, Instant arrival) {}

    /**
     * A record a second; each ten minutes a device's clock is set back by half an hour, each twentieth record comes up
     * to six hours late, each fiftieth is a year ahead.
     */
    private static List<Moment> disorderly(int images, Random random) {
        List<Moment> moments = new ArrayList<>();
        for (int number = 0; number < images; number++) {
            Instant arrival = NOW.minusSeconds(images - number);
            Instant device = arrival.minusSeconds(number % 1_200 < 600 ? 0 : 1_800);
            if (number % 20 == 1) {
                device = device.minusSeconds(random.nextInt(21_600));
            } else if (number % 50 == 2) {
                device = device.plus(Duration.ofDays(365));
            }
            moments.add(new Moment(number, device, arrival));
        }
        return moments;
    }

    private static Set<String> kept(FeedSettings settings, List<Moment> moments) {
        FeedSample sample = new FeedSample(settings, 0, settled -> {});
        sample.merge(new Intake(new ImageJudge(100, "topic"), new Unpacking(1), feed -> settings, 1, 0)
                .take(records(moments))
                .kept());
        return sample.keptKeys();
    }

    private static List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records(List<Moment> moments) {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = new ArrayList<>();
        for (Moment moment : moments) {
            RecordHeaders headers = new RecordHeaders();
            EventIdentity event = new EventIdentity("/drift", "image-" + moment.number, moment.device);
            new ImageHeaders("drifting", "cat", "application/octet-stream", Images.SHAPE, event)
                    .entries()
                    .forEach(headers::add);
            byte[] pixels = new byte[Images.SIZE];
            new Random(moment.number).nextBytes(pixels);
            records.add(new ConsumerRecord<>(
                    "images",
                    0,
                    records.size(),
                    moment.arrival.toEpochMilli(),
                    TimestampType.CREATE_TIME,
                    -1,
                    -1,
                    null,
                    pixels,
                    headers,
                    Optional.empty()));
        }
        return records;
    }

    /** Ages in seconds of what is kept of an image a second, sorted. */
    private static double[] keptAges(String source, int images, int kept) {
        List<Candidate<Integer>> stream = IntStream.range(0, images)
                .mapToObj(number -> {
                    Identity identity = Identity.ofOffset(source, 0, number);
                    long millis = NOW.minusSeconds(images - number).toEpochMilli();
                    double priority = Priority.of(identity, millis, HALF_LIFE);
                    return new Candidate<>("cat", identity, priority, millis, number, false, number);
                })
                .toList();
        return Reservoir.<Integer>empty(new SampleLimits(kept, 0, 1)).with(stream).kept().stream()
                .mapToDouble(candidate -> images - candidate.payload())
                .sorted()
                .toArray();
    }

    private static double[] ages(List<Instant> times) {
        return times.stream()
                .mapToDouble(time -> Duration.between(time, NOW).toMillis() / 1e3)
                .sorted()
                .toArray();
    }

    /** The chance that an image of this age is kept. */
    private static double kept(double tau, double age) {
        return -Math.expm1(-tau * Math.pow(2, -age / HALF_LIFE_SECONDS));
    }

    /** ∫ from 0 to age of the chance to be kept, for an image a second; Simpson's rule. */
    private static double mass(double tau, double age) {
        int steps = 2_000;
        double width = age / steps;
        return IntStream.rangeClosed(0, steps)
                        .mapToDouble(i -> (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * kept(tau, i * width))
                        .sum()
                * width
                / 3;
    }

    /** Where an increasing function of τ is zero. */
    private static double solve(DoubleUnaryOperator function) {
        double low = 1e-9;
        double high = 1e9;
        for (int i = 0; i < 100; i++) {
            double middle = Math.sqrt(low * high);
            if (function.applyAsDouble(middle) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** sup |F_k − F|, for sorted values. */
    private static double distance(double[] sorted, DoubleUnaryOperator distribution) {
        double largest = 0;
        for (int i = 0; i < sorted.length; i++) {
            double expected = distribution.applyAsDouble(sorted[i]);
            int upTo = upper(sorted, sorted[i]);
            largest = Math.max(
                    largest, Math.max(upTo / (double) sorted.length - expected, expected - (double) i / sorted.length));
        }
        return largest;
    }

    private static int upper(double[] sorted, double value) {
        int found = Arrays.binarySearch(sorted, value);
        while (found + 1 < sorted.length && sorted[found + 1] == value) {
            found++;
        }
        return found + 1;
    }

    private static double bound(int kept) {
        return LEVEL_OF_A_THOUSANDTH / Math.sqrt(kept);
    }
}
