package io.reflux.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The sample's distribution. The streams are fixed, so the tests are deterministic; the bounds are 99.9 % quantiles of
 * the chi-squared distribution, which one stream in a thousand would miss by chance.
 */
final class SamplingStatisticsTest {
    private static final int BINS = 20;
    private static final double CHI_SQUARED_19_DEGREES = 43.82;
    private static final double CHI_SQUARED_20_DEGREES = 45.31;

    @Test
    void withoutAHalfLifeEveryPositionInTheStreamIsKeptEquallyOften() {
        int images = 2_000;
        int kept = 100;
        double[] counts = new double[BINS];
        for (int stream = 0; stream < 200; stream++) {
            for (Candidate<Integer> candidate : keep("uniform-" + stream, images, kept, null)) {
                counts[candidate.payload() * BINS / images]++;
            }
        }

        double[] expected = new double[BINS];
        Arrays.fill(expected, 200.0 * kept / BINS);
        assertThat(chiSquared(counts, expected)).isLessThan(CHI_SQUARED_19_DEGREES);
    }

    @Test
    void withAHalfLifeTheKeptAgesHaveTheDensityOfTheRule() {
        int images = 10_000;
        int kept = 1_000;
        double[] counts = new double[BINS];
        double[] expected = new double[BINS];
        // An image a second; the half-life is a tenth of the stream.
        Duration halfLife = Duration.ofSeconds(images / 10);
        for (int stream = 0; stream < 40; stream++) {
            List<Candidate<Integer>> sample = keep("decay-" + stream, images, kept, halfLife);
            double threshold =
                    sample.stream().mapToDouble(Candidate::priority).max().orElseThrow();
            double tau = Math.exp(threshold + Math.log(2) * images / (images / 10.0));
            for (Candidate<Integer> candidate : sample) {
                counts[bin(images - candidate.payload(), images)]++;
            }
            for (int age = 1; age <= images; age++) {
                expected[bin(age, images)] += 1 - Math.exp(-tau * Math.pow(2, -age / (images / 10.0)));
            }
        }

        assertThat(chiSquared(counts, expected)).isLessThan(CHI_SQUARED_20_DEGREES);
        assertThat(counts[0]).isGreaterThan(4 * counts[8]);
    }

    @Test
    void theHeldOutFractionIsIndependentOfThePriority() {
        int images = 40_000;
        HoldOut holdOut = new HoldOut(0.1, 0);

        long[] heldOut = new long[2];
        for (int i = 0; i < images; i++) {
            byte[] pixels = {(byte) i, (byte) (i >> 8), (byte) (i >> 16)};
            boolean low = Priority.of(XxHash64.hash(pixels, 0), 0, null) < Math.log(Math.log(2));
            if (holdOut.holds(HoldOut.contentHash(pixels))) {
                heldOut[low ? 0 : 1]++;
            }
        }

        // Each half holds out 2,000 of 20,000 with a standard deviation of 42; allowed are four.
        assertThat(heldOut[0]).isCloseTo(2_000, within(170L));
        assertThat(heldOut[1]).isCloseTo(2_000, within(170L));
    }

    private static List<Candidate<Integer>> keep(String source, int images, int k, Duration halfLife) {
        List<Candidate<Integer>> stream = IntStream.range(0, images)
                .mapToObj(i -> Candidates.real(
                        source, i, Priority.of(Identity.ofOffset(source, 0, i), i * 1000L, halfLife), i * 1000L))
                .toList();
        return Reservoir.<Integer>empty(new SampleLimits(k, 0, 1)).with(stream).kept();
    }

    private static int bin(int age, int images) {
        return (age - 1) * BINS / images;
    }

    private static double chiSquared(double[] counts, double[] expected) {
        return IntStream.range(0, counts.length)
                .mapToDouble(i -> (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i])
                .sum();
    }
}
