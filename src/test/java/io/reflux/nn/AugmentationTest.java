package io.reflux.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.image.ImageShape;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What augmentation draws: ranges as in the published code, and uniform within them. Seeds are fixed; a χ² above its
 * 1 − 1e-6 quantile is taken for a distribution that is not uniform.
 */
class AugmentationTest {
    private static final int EXPECTED = 60;
    private static final ImageShape LANDSCAPE = new ImageShape(3, 32, 64);

    @Test
    void everyFamilyIsAsLikelyAsAnyOther() {
        // Given
        Augmentation all = new Augmentation(AugmentationFamily.all(), LANDSCAPE);
        Draws draws = draws("family");
        int[] counts = new int[6];
        // When
        for (int batch = 0; batch < 60_000; batch++) {
            counts[all.draw(1, draws).orElseThrow().family().ordinal()]++;
        }
        // Then
        assertUniform(counts);
    }

    @Test
    void onlyFamiliesOfTheStrategyAreDrawnAndEquallyOften() {
        // Given
        Set<AugmentationFamily> digits = AugmentationFamily.parse("color_crop_cutout_scale_rotate");
        Augmentation augmentation = new Augmentation(digits, LANDSCAPE);
        Draws draws = draws("digits");
        int[] counts = new int[6];
        // When
        for (int batch = 0; batch < 50_000; batch++) {
            counts[augmentation.draw(1, draws).orElseThrow().family().ordinal()]++;
        }
        // Then
        int flip = AugmentationFamily.FLIP.ordinal();
        assertThat(counts[flip]).isZero();
        assertUniform(new int[] {counts[0], counts[1], counts[2], counts[4], counts[5]});
    }

    @Test
    void withoutFamiliesNothingIsDrawn() {
        assertThat(new Augmentation(Set.of(), LANDSCAPE).draw(3, draws("none"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(AugmentationFamily.class)
    void aDrawHasTheParametersOfItsFamilyForEveryImage(AugmentationFamily family) {
        AugmentationDraw draw = draw(family, LANDSCAPE, 7);

        assertThat(draw.family()).isEqualTo(family);
        assertThat(draw.parameters().keySet()).containsExactlyInAnyOrder(names(family));
        assertThat(draw.parameters().values())
                .allSatisfy(values -> assertThat(values).hasSize(7));
    }

    /** ±⌊side/8 + ½⌋ pixels, both ends included. */
    @ParameterizedTest
    @CsvSource({"32, 64, 4, 8", "28, 28, 4, 4", "16, 11, 2, 1"})
    void cropShiftsByUpToAnEighthOfEachSide(int height, int width, int mostDown, int mostAcross) {
        int rows = 2 * mostDown + 1;
        int columns = 2 * mostAcross + 1;
        AugmentationDraw draw =
                draw(AugmentationFamily.CROP, new ImageShape(1, height, width), EXPECTED * rows * columns);

        assertUniform(whole(draw.parameter("shift_y"), -mostDown, mostDown)
                .with(whole(draw.parameter("shift_x"), -mostAcross, mostAcross)));
    }

    /** From 0 to the side, which an odd hole leaves out. */
    @ParameterizedTest
    @CsvSource({"32, 64, 32, 64", "28, 28, 28, 28", "30, 16, 29, 16", "9, 13, 8, 12"})
    void cutoutsLieAnywhereWithBothEnds(int height, int width, int lastRow, int lastColumn) {
        int cells = (lastRow + 1) * (lastColumn + 1);
        AugmentationDraw draw = draw(AugmentationFamily.CUTOUT, new ImageShape(1, height, width), EXPECTED * cells);

        assertUniform(
                whole(draw.parameter("offset_y"), 0, lastRow).with(whole(draw.parameter("offset_x"), 0, lastColumn)));
    }

    @Test
    void halfTheImagesAreFlipped() {
        AugmentationDraw draw = draw(AugmentationFamily.FLIP, LANDSCAPE, 5_000);

        assertUniform(whole(draw.parameter("flip"), 0, 1));
    }

    @Test
    void sidesAreScaledIndependentlyByUpToAFifth() {
        AugmentationDraw draw = draw(AugmentationFamily.SCALE, LANDSCAPE, EXPECTED * 400);

        assertUniform(binned(draw.parameter("scale_x"), 1 / 1.2, 1.2, 20)
                .with(binned(draw.parameter("scale_y"), 1 / 1.2, 1.2, 20)));
    }

    @Test
    void imagesAreTurnedByUpToFifteenDegreesEitherWay() {
        AugmentationDraw draw = draw(AugmentationFamily.ROTATE, LANDSCAPE, EXPECTED * 100);

        assertUniform(binned(draw.parameter("angle"), -Math.PI / 12, Math.PI / 12, 100));
    }

    @Test
    void coloursChangeIndependentlyOverTheWholeUnitInterval() {
        AugmentationDraw draw = draw(AugmentationFamily.COLOR, LANDSCAPE, EXPECTED * 1_000);

        assertUniform(binned(draw.parameter("brightness"), 0, 1, 10)
                .with(binned(draw.parameter("saturation"), 0, 1, 10))
                .with(binned(draw.parameter("contrast"), 0, 1, 10)));
    }

    private static AugmentationDraw draw(AugmentationFamily family, ImageShape shape, int images) {
        return new Augmentation(EnumSet.of(family), shape)
                .draw(images, draws(family.name()))
                .orElseThrow();
    }

    private static Draws draws(String purpose) {
        return Draws.of(17, purpose, 0, 0);
    }

    private static String[] names(AugmentationFamily family) {
        return switch (family) {
            case COLOR -> new String[] {"brightness", "saturation", "contrast"};
            case CROP -> new String[] {"shift_y", "shift_x"};
            case CUTOUT -> new String[] {"offset_y", "offset_x"};
            case FLIP -> new String[] {"flip"};
            case SCALE -> new String[] {"scale_x", "scale_y"};
            case ROTATE -> new String[] {"angle"};
        };
    }

    /** Which of so many equally likely cells each image's parameters fall into. */
    private record Cells(int count, int[] of) {
        /** The cells of both together: their product when they are independent. */
        Cells with(Cells other) {
            int[] both = new int[of.length];
            for (int i = 0; i < both.length; i++) {
                both[i] = of[i] * other.count + other.of[i];
            }
            return new Cells(count * other.count, both);
        }
    }

    private static Cells whole(float[] values, int least, int most) {
        int[] cells = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isBetween((float) least, (float) most).isEqualTo((float) Math.round(values[i]));
            cells[i] = Math.round(values[i]) - least;
        }
        return new Cells(most - least + 1, cells);
    }

    private static Cells binned(float[] values, double low, double high, int bins) {
        int[] cells = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isBetween((float) low, (float) high);
            cells[i] = Math.min(bins - 1, Math.max(0, (int) ((values[i] - low) / (high - low) * bins)));
        }
        return new Cells(bins, cells);
    }

    private static void assertUniform(Cells cells) {
        int[] counts = new int[cells.count()];
        for (int cell : cells.of()) {
            counts[cell]++;
        }
        assertUniform(counts);
    }

    private static void assertUniform(int[] counts) {
        double total = 0;
        for (int count : counts) {
            total += count;
        }
        double expected = total / counts.length;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        assertThat(expected).isGreaterThanOrEqualTo(EXPECTED);
        assertThat(chiSquare).isLessThan(quantile(counts.length - 1));
    }

    /** 1 − 1e-6 of χ², by Wilson and Hilferty's cube of a normal variable; at few degrees of freedom a little above. */
    private static double quantile(int degrees) {
        double variance = 2.0 / (9 * degrees);
        double root = 1 - variance + 4.7534 * Math.sqrt(variance);
        return degrees * root * root * root;
    }
}
