package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.reflux.image.GeneratedShapes;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DriftingImagesTest {
    private static final ImageShape SHAPE = new ImageShape(3, 16, 16);
    private static final int PERIOD = 12_000;
    private static final ImageSet IMAGES =
            GeneratedShapes.generate(SHAPE, 20, 1, 1).train();

    @Test
    void isTheSameStreamForTheSameSeedOnly() {
        List<String> first = stream(7, 200);

        assertThat(stream(7, 200)).isEqualTo(first);
        assertThat(stream(8, 200)).isNotEqualTo(first);
    }

    /** Over a twelfth of the period, against the mean of the proportions that the formula gives, within four sigma. */
    @Test
    void drawsClassesAsOftenAsTheDriftSays() {
        DriftingImages stream = new DriftingImages(IMAGES, new Drift(PERIOD), 3);
        int images = PERIOD / 12;
        int[] counts = new int[10];
        double[] expected = new double[10];
        for (int n = 0; n < images; n++) {
            counts[IMAGES.classes().indexOf(stream.next().label())]++;
            double sum = 0;
            double[] weights = new double[10];
            for (int c = 0; c < 10; c++) {
                weights[c] = Math.exp(1.2 * Math.cos(2 * Math.PI * n / PERIOD - 2 * Math.PI * c / 10));
                sum += weights[c];
            }
            for (int c = 0; c < 10; c++) {
                expected[c] += weights[c] / sum;
            }
        }

        for (int c = 0; c < 10; c++) {
            assertThat((double) counts[c]).isCloseTo(expected[c], within(4 * Math.sqrt(expected[c])));
        }
        assertThat(counts[0]).isGreaterThan(4 * counts[6]);
    }

    @Test
    void leavesImagesAsTheyAreAtTheBeginningOfAPeriod() {
        Drift drift = new Drift(PERIOD);

        assertThat(drift.apply(0, SHAPE, IMAGES.image(5))).isEqualTo(IMAGES.image(5));
        assertThat(drift.apply(3L * PERIOD, SHAPE, IMAGES.image(5))).isEqualTo(IMAGES.image(5));
    }

    @Test
    void makesTheLightWarmThenTheImagesPaleThenTheLightCold() {
        Drift drift = new Drift(PERIOD);
        byte[] grey = new byte[SHAPE.size()];
        Arrays.fill(grey, (byte) 100);

        assertThat(levels(drift.apply(PERIOD / 4, SHAPE, grey)))
                .containsExactly(level(1.4, 0.775), level(0.8, 0.775), level(0.8, 0.775));
        assertThat(levels(drift.apply(PERIOD / 2, SHAPE, grey)))
                .containsExactly(level(1, 0.55), level(1, 0.55), level(1, 0.55));
        assertThat(levels(drift.apply(3 * PERIOD / 4, SHAPE, grey)))
                .containsExactly(level(0.6, 0.775), level(1.2, 0.775), level(1.2, 0.775));
    }

    /** A bright half-plane, of which a turn about the middle takes the upper right corner and gives the lower left one. */
    @Test
    void tiltsImagesHalfWay() {
        byte[] half = new byte[SHAPE.size()];
        for (int at = 0; at < half.length; at++) {
            half[at] = (byte) (at % 16 >= 8 ? 255 : 0);
        }

        byte[] tilted = new Drift(PERIOD).apply(PERIOD / 2, SHAPE, half);

        int dark = (int) Math.round(127.5 - 0.55 * 127.5);
        int bright = (int) Math.round(127.5 + 0.55 * 127.5);
        assertThat(Byte.toUnsignedInt(tilted[8 * 16])).isEqualTo(dark);
        assertThat(Byte.toUnsignedInt(tilted[8 * 16 + 15])).isEqualTo(bright);
        // tan(180°/7) is 0.48: seven rows from the middle the edge has moved by more than three pixels
        assertThat(Byte.toUnsignedInt(tilted[5])).isNotEqualTo(Byte.toUnsignedInt(tilted[15 * 16 + 5]));
    }

    @Test
    void sendsEveryImageOfAClassBeforeAnyAgain() {
        DriftingImages stream = new DriftingImages(IMAGES, new Drift(1), 3);
        List<String> seen = new ArrayList<>();
        while (seen.size() < 20) {
            DriftingImages.Drifted image = stream.next();
            if (image.label().equals("disc")) {
                seen.add(Arrays.toString(image.pixels()));
            }
        }

        assertThat(seen).doesNotHaveDuplicates();
    }

    @Test
    void refusesASetWithAClassWithoutImages() {
        ImageSet lacking = new ImageSet(SHAPE, List.of("a", "b"), new byte[SHAPE.size()], new int[] {0});

        assertThatThrownBy(() -> new DriftingImages(lacking, new Drift(10), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not every class");
        assertThatThrownBy(() -> new Drift(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> stream(long seed, int length) {
        DriftingImages stream = new DriftingImages(IMAGES, new Drift(PERIOD), seed);
        List<String> images = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            DriftingImages.Drifted image = stream.next();
            images.add(image.number() + image.label() + Arrays.toString(image.pixels()));
        }
        return images;
    }

    /** The middle pixel of each channel. */
    private static List<Integer> levels(byte[] pixels) {
        List<Integer> levels = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
            levels.add(Byte.toUnsignedInt(pixels[c * SHAPE.plane() + 8 * 16 + 8]));
        }
        return levels;
    }

    private static int level(double gain, double contrast) {
        return (int) Math.round(127.5 + contrast * (gain * 100 - 127.5));
    }
}
