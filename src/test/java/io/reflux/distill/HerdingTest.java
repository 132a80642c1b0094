package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HerdingTest {
    @Test
    void choosesTheImageNearestToTheMeanAndThenTheOneThatBalancesIt() {
        // The mean is 2. 1.5 is nearest to it; then 2·2 − 1.5 = 2.5 is wanted, then 3·2 − 4 = 2, of what is left 4.5.
        float[][] features = {{0}, {1.5f}, {2.5f}, {4.5f}, {1.5f}};

        assertThat(Herding.choose(features, 3)).containsExactly(1, 2, 4);
    }

    @Test
    void weighsAllAxes() {
        // The mean is (1, 1): (0, 2) and (2, 0) are as near as each other, and balance each other.
        float[][] features = {{-3, 1}, {0, 2}, {2, 0}, {5, 1}};

        assertThat(Herding.choose(features, 2)).containsExactly(1, 2);
    }

    @Test
    void keepsTheMeanWhenItTakesAll() {
        float[][] features = {{1, 2}, {3, 4}, {5, 9}};

        assertThat(Herding.choose(features, 3)).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Property(tries = 200)
    void choosesDistinctRowsOfWhichEachIsTheBestNextOne(
            @ForAll @Size(min = 4, max = 24) List<@FloatRange(min = -8, max = 8) Float> values) {
        float[][] features = rows(values);

        int[] chosen = Herding.choose(features, features.length / 2);

        assertThat(Arrays.stream(chosen).distinct().count()).isEqualTo(features.length / 2);
        for (int k = 1; k <= chosen.length; k++) {
            double reached = gap(features, Arrays.copyOf(chosen, k));
            int[] other = Arrays.copyOf(chosen, k);
            for (int i = 0; i < features.length; i++) {
                int candidate = i;
                if (Arrays.stream(chosen).limit(k).noneMatch(taken -> taken == candidate)) {
                    other[k - 1] = candidate;
                    assertThat(reached).isLessThanOrEqualTo(gap(features, other) + 1e-9);
                }
            }
        }
    }

    @Test
    void comesNearerToTheMeanThanTheFirstImages() {
        float[][] features = new float[100][];
        Arrays.setAll(features, i -> new float[] {i, (i * 37) % 100});

        double herded = gap(features, Herding.choose(features, 10));

        assertThat(herded).isLessThan(2);
        assertThat(gap(features, new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})).isGreaterThan(10);
    }

    /** ‖mean of all − mean of the chosen‖. */
    private static double gap(float[][] features, int[] chosen) {
        float[][] some = Arrays.stream(chosen).mapToObj(i -> features[i]).toArray(float[][]::new);
        double[] mean = Features.mean(features);
        double[] mine = Features.mean(some);
        double sum = 0;
        for (int f = 0; f < mean.length; f++) {
            sum += (mean[f] - mine[f]) * (mean[f] - mine[f]);
        }
        return Math.sqrt(sum);
    }

    private static float[][] rows(List<Float> values) {
        float[][] rows = new float[values.size() / 2][];
        Arrays.setAll(rows, i -> new float[] {values.get(2 * i), values.get(2 * i + 1)});
        return rows;
    }
}
