package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KCenterTest {
    @Test
    void beginsNextToTheMeanAndGoesToTheFarthest() {
        // The mean is 3: 2 is nearest, 10 is 8 away, then 0 is 2 from the nearest centre and 1 only 1.
        float[][] features = {{0}, {1}, {2}, {2}, {10}};

        assertThat(KCenter.choose(features, 3)).containsExactly(2, 4, 0);
    }

    @Test
    void measuresTheDistanceToTheNearestCentreOnly() {
        // The mean is (0.25, 0). After (0, 0), (9, 0) and (−8, 0), (0, 3) is 3 from its nearest centre.
        float[][] features = {{0, 0}, {9, 0}, {-8, 0}, {0, 3}, {8, -1}, {-7.5f, -2}};

        assertThat(KCenter.choose(features, 4)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void takesDuplicatesOnlyWhenNothingElseIsLeft() {
        float[][] features = {{1}, {1}, {1}, {5}};

        assertThat(KCenter.choose(features, 4)).startsWith(0, 3).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Property(tries = 200)
    void coversWithinTwiceTheBestRadiusOfAsManyCentres(
            @ForAll @Size(min = 6, max = 16) List<@FloatRange(min = -8, max = 8) Float> values,
            @ForAll @IntRange(min = 1, max = 3) int count) {
        float[][] features = new float[values.size() / 2][];
        Arrays.setAll(features, i -> new float[] {values.get(2 * i), values.get(2 * i + 1)});

        int[] chosen = KCenter.choose(features, count);

        assertThat(Arrays.stream(chosen).distinct().count()).isEqualTo(count);
        assertThat(radius(features, chosen)).isLessThanOrEqualTo(2 * best(features, count, new int[0]) + 1e-6);
    }

    /** The largest distance of a row to its nearest centre. */
    private static double radius(float[][] features, int[] centres) {
        return Arrays.stream(features)
                .mapToDouble(row -> Arrays.stream(centres)
                        .mapToDouble(c -> Math.sqrt(Features.squaredDistance(row, features[c])))
                        .min()
                        .orElse(Double.POSITIVE_INFINITY))
                .max()
                .orElse(0);
    }

    /** The smallest radius of any {@code count} rows as centres, by trying all. */
    private static double best(float[][] features, int count, int[] begun) {
        if (begun.length == count) {
            return radius(features, begun);
        }
        return IntStream.range(0, features.length)
                .mapToDouble(next -> {
                    int[] more = Arrays.copyOf(begun, begun.length + 1);
                    more[begun.length] = next;
                    return best(features, count, more);
                })
                .min()
                .orElseThrow();
    }
}
