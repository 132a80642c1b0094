package io.reflux.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.reflux.image.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class ZcaNormalisationTest {
    private static final ImageShape SHAPE = new ImageShape(3, 4, 5);
    private static final int COUNT = 1100;
    private static final byte[] PIXELS = Photographs.taken(COUNT, SHAPE, 1);
    private static final ZcaNormalisation ZCA = fit(PIXELS, 0.1f);

    @Test
    void isTheInverseRootOfTheCovarianceAsPlainArithmeticComputesIt() {
        for (float epsilon : new float[] {0.1f, 1e-3f}) {
            ZcaNormalisation zca = fit(PIXELS, epsilon);

            double[][] shouldBeIdentity = product(product(matrix(zca), covariance(epsilon)), matrix(zca));

            for (int i = 0; i < SHAPE.size(); i++) {
                for (int j = 0; j < SHAPE.size(); j++) {
                    assertThat(shouldBeIdentity[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-4));
                    assertThat(zca.transform()[i * SHAPE.size() + j])
                            .isCloseTo(zca.transform()[j * SHAPE.size() + i], within(1e-5f));
                }
            }
        }
    }

    @Test
    void whitensAsTheWireFormatTellsAConsumer() {
        float[] whitened = ZCA.apply(PIXELS, SHAPE);

        int side = SHAPE.size();
        for (int image : new int[] {0, 511, 512, COUNT - 1}) {
            for (int to = 0; to < side; to++) {
                double sum = 0;
                for (int from = 0; from < side; from++) {
                    double brightness = (PIXELS[image * side + from] & 0xff) / 255.0;
                    sum += (brightness - ZCA.mean()[from]) * ZCA.transform()[from * side + to];
                }
                assertThat(whitened[image * side + to]).isCloseTo((float) sum, within(1e-4f));
            }
        }
    }

    @Test
    void restoresThePixelsWithinOne() {
        byte[] restored = ZCA.invert(ZCA.apply(PIXELS, SHAPE), SHAPE);

        for (int i = 0; i < PIXELS.length; i++) {
            assertThat((restored[i] & 0xff) - (PIXELS[i] & 0xff)).isBetween(-1, 1);
        }
    }

    @Test
    void takesBrightnessForThePixelsItStandsFor() {
        float[] brightness = new float[PIXELS.length];
        for (int i = 0; i < brightness.length; i++) {
            brightness[i] = (PIXELS[i] & 0xff) / 255f;
        }

        assertThat(ZCA.normalise(brightness, SHAPE)).containsExactly(ZCA.apply(PIXELS, SHAPE));
    }

    @Test
    void survivesItsBytesAndRefusesBytesOfNoMatrix() {
        byte[] bytes = ZCA.toBytes();

        assertThat(ZcaNormalisation.fromBytes(0.1f, bytes)).isEqualTo(ZCA).hasToString(ZCA.toString());
        for (int length : new int[] {bytes.length - 1, bytes.length - 4, 4, 0}) {
            assertThatThrownBy(() -> ZcaNormalisation.fromBytes(0.1f, Arrays.copyOf(bytes, length)))
                    .as("%d bytes", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Integer.toString(length));
        }
    }

    @Test
    void isToldApartByEveryNumber() {
        float[] mean = ZCA.mean();
        float[] transform = ZCA.transform();
        mean[3] = Math.nextUp(mean[3]);
        transform[7] = Math.nextUp(transform[7]);

        assertThat(List.of(
                        new ZcaNormalisation(0.1f, mean, ZCA.transform()),
                        new ZcaNormalisation(0.1f, ZCA.mean(), transform),
                        new ZcaNormalisation(0.2f, ZCA.mean(), ZCA.transform())))
                .doesNotContain(ZCA)
                .extracting(Object::toString)
                .doesNotContain(ZCA.toString());
    }

    @Test
    void tellsHowFarItsFitIsAndStopsWhenAsked() {
        List<Integer> steps = new ArrayList<>();
        List<Integer> totals = new ArrayList<>();
        new ZcaFit(PIXELS, SHAPE, 0.1f, (step, total) -> {
                    steps.add(step);
                    totals.add(total);
                })
                .run(1);

        assertThat(steps).isSorted().startsWith(1, 2, 3).hasSizeBetween(8, 30);
        assertThat(totals.stream().distinct()).hasSize(1);
        assertThat(steps.get(steps.size() - 1)).isEqualTo(totals.get(0));
        assertThatThrownBy(() -> new ZcaFit(PIXELS, SHAPE, 0.1f, (step, total) -> {
                            throw new CancellationException("enough");
                        })
                        .run(1))
                .hasMessage("enough");
    }

    @Test
    void refusesImagesOfAnotherShapeAndTooFewToFit() {
        ImageShape other = new ImageShape(1, 4, 5);

        assertThat(ZCA.fits(other)).isFalse();
        assertThatThrownBy(() -> ZCA.apply(new byte[other.size()], other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1,4,5")
                .hasMessageContaining("60 values");
        assertThatThrownBy(() -> fit(Arrays.copyOf(PIXELS, SHAPE.size()), 0.1f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two images");
    }

    private static ZcaNormalisation fit(byte[] pixels, float epsilon) {
        return new ZcaFit(pixels, SHAPE, epsilon, (step, total) -> {}).run(1);
    }

    private static double[][] matrix(ZcaNormalisation zca) {
        int side = zca.dimensions();
        float[] numbers = zca.transform();
        double[][] matrix = new double[side][side];
        for (int i = 0; i < numbers.length; i++) {
            matrix[i / side][i % side] = numbers[i];
        }
        return matrix;
    }

    private static double[][] covariance(float epsilon) {
        int side = SHAPE.size();
        double[] mean = new double[side];
        for (int i = 0; i < PIXELS.length; i++) {
            mean[i % side] += (PIXELS[i] & 0xff) / 255.0 / COUNT;
        }
        double[][] covariance = new double[side][side];
        for (int image = 0; image < COUNT; image++) {
            for (int i = 0; i < side; i++) {
                double left = (PIXELS[image * side + i] & 0xff) / 255.0 - mean[i];
                for (int j = 0; j < side; j++) {
                    double right = (PIXELS[image * side + j] & 0xff) / 255.0 - mean[j];
                    covariance[i][j] += left * right / (COUNT - 1);
                }
            }
        }
        for (int i = 0; i < side; i++) {
            covariance[i][i] += epsilon;
        }
        return covariance;
    }

    private static double[][] product(double[][] left, double[][] right) {
        double[][] product = new double[left.length][left.length];
        for (int i = 0; i < left.length; i++) {
            for (int j = 0; j < left.length; j++) {
                for (int k = 0; k < left.length; k++) {
                    product[i][j] += left[i][k] * right[k][j];
                }
            }
        }
        return product;
    }
}
