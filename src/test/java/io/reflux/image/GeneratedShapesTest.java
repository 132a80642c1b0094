package io.reflux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GeneratedShapesTest {
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);

    @ParameterizedTest
    @ValueSource(strings = {"1,16,16", "1,28,28", "3,32,32", "3,128,128", "3,24,40"})
    void drawsAnyShape(String text) {
        DataSet set = GeneratedShapes.generate(ImageShape.parse(text), 2, 1, 1);

        assertThat(set.train().shape()).hasToString(text);
        assertThat(set.train().size()).isEqualTo(20);
        assertThat(set.test().size()).isEqualTo(10);
        assertThat(set.train().classes()).hasSize(10).contains("disc", "spiral", "checkerboard");
        IntStream.range(0, 10).forEach(c -> assertThat(set.train().indicesOf(c)).hasSize(2));
    }

    @Test
    void anImageDoesNotDependOnHowManyAreDrawn() {
        DataSet few = GeneratedShapes.generate(SHAPE, 2, 1, 7);
        DataSet many = GeneratedShapes.generate(SHAPE, 5, 3, 7);

        assertThat(Arrays.copyOf(many.train().pixels(), few.train().pixels().length))
                .isEqualTo(few.train().pixels());
        assertThat(Arrays.copyOf(many.test().pixels(), few.test().pixels().length))
                .isEqualTo(few.test().pixels());
    }

    @Test
    void noImageIsDrawnTwice() {
        DataSet set = GeneratedShapes.generate(SHAPE, 50, 50, 7);
        DataSet other = GeneratedShapes.generate(SHAPE, 50, 50, 8);

        long distinct = Stream.of(set.train(), set.test(), other.train(), other.test())
                .flatMap(images -> IntStream.range(0, images.size()).mapToObj(i -> Arrays.hashCode(images.image(i))))
                .distinct()
                .count();
        assertThat(distinct).isEqualTo(2_000);
    }

    /** The figure stands out, and no pixel tells the classes apart: the classes' mean images are alike. */
    @Test
    void imagesHaveContrastButClassMeansDoNot() {
        ImageSet set = GeneratedShapes.generate(SHAPE, 200, 1, 3).train();

        for (int c = 0; c < 10; c++) {
            double[] mean = new double[SHAPE.size()];
            double contrast = 0;
            for (int i : set.indicesOf(c)) {
                byte[] image = set.image(i);
                Arrays.setAll(mean, p -> mean[p] + (image[p] & 0xff) / 200.0);
                contrast += deviation(IntStream.range(0, image.length)
                                .mapToDouble(p -> image[p] & 0xff)
                                .toArray())
                        / 200;
            }
            assertThat(contrast).isGreaterThan(25);
            assertThat(deviation(mean)).isLessThan(contrast);
        }
    }

    @Test
    void refusesWhatCannotBeDrawn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeneratedShapes.generate(new ImageShape(1, 15, 28), 1, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeneratedShapes.generate(new ImageShape(1, 28, 129), 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> GeneratedShapes.generate(SHAPE, 0, 1, 1));
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow());
    }
}
