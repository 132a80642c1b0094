package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.cli.CommandRun;
import io.reflux.rounds.RoundPolicy;
import io.reflux.sample.Filter;
import io.reflux.sample.Identity;
import io.reflux.sample.Priority;
import io.reflux.sample.SampleLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The simulation against closed forms. All draws are seeded; allowed are four standard deviations. */
final class BenchScaleTest {
    private static final int FEEDS = 60;
    private static final int KEPT = 30;
    private static final int HELD_OUT = 5;
    private static final SampleLimits LIMITS = new SampleLimits(KEPT, HELD_OUT, 10);

    @TempDir
    private Path directory;

    @Test
    void admissionsAreThoseOfTheClosedForm() {
        double seconds = 5_000;
        ScaleAdmissions feed = new ScaleAdmissions(LIMITS, 2, 10, 0.2, null);
        SplittableRandom random = new SplittableRandom(1);

        long admitted = IntStream.range(0, FEEDS)
                .mapToLong(i -> LongStream.of(feed.run(new double[] {100, seconds}, random.split()))
                        .sum())
                .sum();

        double expected =
                2 * FEEDS * (ScaleAdmissions.expected(20_000, KEPT) + ScaleAdmissions.expected(5_000, HELD_OUT));
        double variance = 2 * FEEDS * (variance(20_000, KEPT) + variance(5_000, HELD_OUT));
        assertThat((double) admitted).isCloseTo(expected, within(4 * Math.sqrt(variance)));
        assertThat(expected).isCloseTo(2 * FEEDS * (exactly(20_000, KEPT) + exactly(5_000, HELD_OUT)), within(1.0));
    }

    @Test
    void skippingWhatCannotPassChangesNothing() {
        int images = 4_000;
        double total = 0;
        for (int feed = 0; feed < FEEDS; feed++) {
            Filter filter = new Filter(new SampleLimits(KEPT, 0, 1));
            for (int i = 0; i < images; i++) {
                double priority = Priority.of(Identity.ofOffset("feed-" + feed, 0, i), 0, null);
                if (filter.mayBeKept("a", false, priority)) {
                    filter.add("a", false, priority);
                    total++;
                }
            }
        }
        ScaleAdmissions skipping = new ScaleAdmissions(new SampleLimits(KEPT, 0, 2), 1, 1, 0, null);
        SplittableRandom random = new SplittableRandom(2);

        double skipped = IntStream.range(0, FEEDS)
                .mapToLong(i -> skipping.run(new double[] {images}, random.split())[0])
                .sum();

        double deviation = Math.sqrt(FEEDS * variance(images, KEPT));
        assertThat(total).isCloseTo(FEEDS * exactly(images, KEPT), within(4 * deviation));
        assertThat(skipped).isCloseTo(FEEDS * exactly(images, KEPT), within(4 * deviation));
    }

    @Test
    void withAHalfLifeTheRateSettlesAtThatOfTheRule() {
        Duration halfLife = Duration.ofSeconds(500);
        double rate = 4;
        ScaleAdmissions feed = new ScaleAdmissions(new SampleLimits(KEPT, 0, 2), 1, rate, 0, halfLife);
        SplittableRandom random = new SplittableRandom(3);
        double settled = 20 * 500;
        double end = 60 * 500;

        double admitted = IntStream.range(0, FEEDS)
                .mapToLong(i -> feed.run(new double[] {settled, end}, random.split())[1])
                .sum();

        // A new image is kept with the probability 1 − exp(−τ), where the expected number kept is k.
        double tau = tau(rate, halfLife.toSeconds(), KEPT);
        double expected = FEEDS * (end - settled) * rate * -Math.expm1(-tau);
        // Kept are k, not k on average, which biases the chance of a new one by less than 1/(2k).
        assertThat(admitted).isCloseTo(expected, within(4 * Math.sqrt(expected) + expected / (2 * KEPT)));
    }

    @Test
    void devicesThatAreTooFewServeEveryFeedInTurn() {
        ScaleRounds rounds = new ScaleRounds(40, 10, 4, 64, 60, new RoundPolicy(1_000, null, 10), 300);

        ScaleRounds.Outcome outcome = rounds.run(86_400);

        assertThat(rounds.duePerHour()).isEqualTo(40 * 36);
        assertThat(rounds.capacityPerHour()).isEqualTo(240);
        assertThat(outcome.busy()).isGreaterThan(0.98);
        assertThat(outcome.starved()).isZero();
        assertThat(outcome.gap(1)).isLessThanOrEqualTo(outcome.mostFeeds() * 60.0 + 1e-3);
    }

    @Test
    void devicesThatAreEnoughRunARoundAsOftenAsItIsDue() {
        ScaleRounds rounds = new ScaleRounds(6, 1, 3, 64, 10, new RoundPolicy(1_000, null, 10), 300);

        ScaleRounds.Outcome outcome = rounds.run(86_400);

        assertThat(outcome.gap(0)).isGreaterThanOrEqualTo(1_000);
        assertThat(outcome.gap(1)).isLessThan(1_000 + 10 * outcome.mostFeeds() + 1);
        assertThat((double) outcome.finished()).isCloseTo(6 * 86.4, within(12.0));
    }

    @Test
    void progressRecordsAreOneForEachFeedInABatch() {
        ScaleOptions options = new ScaleOptions();
        CommandLine.populateCommand(
                options, "--feeds", "300", "--rate", "10000", "--batch", "200", "--partitions", "100");
        Random random = new Random(5);
        int batches = 2_000;

        double distinct = IntStream.range(0, batches)
                .mapToLong(i -> random.ints(200, 0, 300).distinct().count())
                .average()
                .orElseThrow();

        double rate = new ScaleModel(options).progressPerSecond();
        assertThat(rate).isCloseTo(10_000 / 200.0 * distinct, within(0.01 * rate));
        assertThat(new ScaleModel(options).filterBytes()).isBetween(3_340L * 40, 3_340L * 100);
    }

    @Test
    void printsWhatIsAdmittedAndWhatLimitsFirst() throws Exception {
        Path json = directory.resolve("scale.json");

        CommandRun run = CommandRun.of(
                "bench",
                "scale",
                "--feeds",
                "20",
                "--rate",
                "2000",
                "--replicas",
                "2",
                "--partitions",
                "8",
                "--every",
                "1",
                "--hours",
                "2",
                "--per-class",
                "20",
                "--round-seconds",
                "600",
                "--json",
                json.toString());

        assertThat(run.exitCode()).as(run.messages()).isZero();
        assertThat(run.output()).contains("admitted images/s", "k·(1 + ln(n/k))", "what limits first", "rounds/h");
        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        double expected = figures.at("/admitted/expected").asDouble();
        assertThat(figures.at("/admitted/total").asDouble()).isCloseTo(expected, within(0.02 * expected));
        assertThat(figures.at("/rounds/due").asDouble()).isEqualTo(720);
        assertThat(figures.at("/used/rounds").asDouble()).isEqualTo(60);
        assertThat(CommandRun.of("bench", "scale", "--partitions", "1").exitCode())
                .isEqualTo(2);
    }

    /** k + k·(H(n) − H(k)). */
    private static double exactly(int images, int kept) {
        return kept
                + IntStream.rangeClosed(kept + 1, images)
                        .mapToDouble(i -> (double) kept / i)
                        .sum();
    }

    private static double variance(int images, int kept) {
        return IntStream.rangeClosed(kept + 1, images)
                .mapToDouble(i -> (double) kept / i * (1 - (double) kept / i))
                .sum();
    }

    private static double tau(double rate, double halfLife, double kept) {
        double low = 1e-9;
        double high = 100;
        for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            double mass = IntStream.range(0, 100_000)
                            .mapToDouble(step -> -Math.expm1(-middle * Math.pow(2, -(step + 0.5) / 2_500)))
                            .sum()
                    * halfLife
                    / 2_500
                    * rate;
            if (mass < kept) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
