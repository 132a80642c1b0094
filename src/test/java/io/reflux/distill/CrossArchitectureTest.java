package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.nn.Architecture;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.Compute;
import io.reflux.nn.Normalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Students of other architectures on one set. */
class CrossArchitectureTest {
    private static final ImageSet SAMPLE = TinyProblem.images(4, 1);
    private static final ImageSet TEST = TinyProblem.images(4, 2);
    private static final EvaluationSettings SETTINGS = new EvaluationSettings(2, 1, 2, 16, 0.02, 10);

    @Test
    void trainsStudentsOfEachArchitectureByTheSetsRecipe() {
        // Given
        Evaluation evaluation = new Evaluation(SETTINGS, 3, new Compute("cpu", 1));
        List<Progress> told = new ArrayList<>();
        // When
        Map<Architecture, Accuracy> accuracies = evaluation.distilled(
                set(), TEST, List.of(Architecture.RESNET18, Architecture.CONVNET, Architecture.ALEXNET), told(told));
        // Then
        assertThat(accuracies.keySet())
                .containsExactly(Architecture.RESNET18, Architecture.CONVNET, Architecture.ALEXNET);
        assertThat(accuracies.values()).allSatisfy(accuracy -> {
            assertThat(accuracy.mean()).isBetween(0.0, 1.0);
            assertThat(accuracy.students()).isEqualTo(2);
        });
        assertThat(accuracies.get(Architecture.CONVNET))
                .isEqualTo(evaluation.distilled(set(), TEST, RunMonitor.SILENT));
        int epochs = 3 * 2 * set().recipe().epochs();
        assertThat(told).last().isEqualTo(new Progress(Stage.EVALUATION, epochs, epochs, Double.NaN));
    }

    @Test
    void studentsOfVgg11LearnFromASetOfImagesThatAreLargeEnoughForThem() {
        // Given
        EvaluationSettings one = new EvaluationSettings(1, 1, 8, 16, 0.02, 10);
        DistilledSet large = set(doubled(TinyProblem.images(1, 1)), 8);
        // When
        Map<Architecture, Accuracy> accuracies = new Evaluation(one, 3, new Compute("cpu", 1))
                .distilled(large, doubled(TinyProblem.images(1, 2)), List.of(Architecture.VGG11), RunMonitor.SILENT);
        // Then
        assertThat(accuracies.get(Architecture.VGG11).mean()).isGreaterThan(0.9);
    }

    @Test
    void refusesImagesThatAreTooSmallForANetworkBeforeItTrains() {
        List<Progress> told = new ArrayList<>();
        DistilledSet small = set(8);

        assertThatThrownBy(() -> new Evaluation(SETTINGS, 3)
                        .distilled(
                                small,
                                new ImageSet(small.shape(), small.classes(), new byte[64], new int[1]),
                                List.of(Architecture.CONVNET, Architecture.VGG11),
                                told(told)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("VGG11 pools an image of shape 1,8,8 down to nothing");
        assertThat(told).isEmpty();
    }

    private static RunMonitor told(List<Progress> told) {
        return new RunMonitor() {
            @Override
            public void report(Progress progress) {
                told.add(progress);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
    }

    /** Every pixel as a square of four. */
    private static ImageSet doubled(ImageSet small) {
        ImageShape shape = small.shape();
        int width = 2 * shape.width();
        ImageShape large = new ImageShape(shape.channels(), 2 * shape.height(), width);
        byte[] pixels = new byte[4 * small.pixels().length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = small.pixels()[i / (2 * width) * shape.width() + i % width / 2];
        }
        return new ImageSet(large, small.classes(), pixels, small.labels());
    }

    private static DistilledSet set() {
        int[] one = {0, 1, 2};
        return set(SAMPLE.select(one), 2);
    }

    private static DistilledSet set(ImageSet few, int epochs) {
        Normalisation normalisation = ChannelNormalisation.fit(few.pixels(), few.shape());
        return new DistilledSet(
                few.shape(),
                few.classes(),
                normalisation,
                normalisation.apply(few.pixels(), few.shape()),
                new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1},
                recipe(epochs));
    }

    private static DistilledSet set(int side) {
        return new DistilledSet(
                new ImageShape(1, side, side),
                TinyProblem.CLASSES,
                new ChannelNormalisation(new float[] {0.5f}, new float[] {0.5f}),
                new float[3 * side * side],
                new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1},
                recipe(2));
    }

    private static StudentRecipe recipe(int epochs) {
        return new StudentRecipe(0.01, 0.9, 5e-4, epochs, 16, AugmentationFamily.all(), new NetworkSettings(4, 1));
    }
}
