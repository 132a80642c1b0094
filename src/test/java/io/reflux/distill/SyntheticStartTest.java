package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.reflux.image.ImageSet;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Draws;
import io.reflux.nn.Normalisation;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts from experts that were never trained, so that they are wrong about many images. */
final class SyntheticStartTest {
    private static final ImageSet SAMPLE = TinyProblem.images(20, 1);
    private static final int CLASSES = TinyProblem.CLASSES.size();
    private static final Normalisation NORMALISATION = ChannelNormalisation.fit(SAMPLE.pixels(), SAMPLE.shape());

    @TempDir
    private Path directory;

    private TensorSession session;
    private TrajectoryBuffer buffer;

    @BeforeEach
    void open() throws IOException {
        session = TensorSession.open();
        buffer = new TrajectoryBuffer(directory);
    }

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void correctStartTakesWhatAnExpertClassifiesCorrectly() throws IOException {
        FinalExperts experts = experts(random(1), random(2), random(3));
        float[][] opinions = opinions(experts, 3);

        int[] chosen = start(experts, 3);

        for (int c = 0; c < CLASSES; c++) {
            int[] right = correct(opinions, c);
            int[] taken = Arrays.copyOfRange(chosen, 3 * c, 3 * c + 3);
            int expected = Math.min(3, right.length);
            assertThat(Arrays.stream(taken).distinct()).hasSize(3);
            assertThat(Arrays.stream(taken).map(image -> SAMPLE.labels()[image]))
                    .containsOnly(c);
            assertThat(Arrays.stream(taken).filter(i -> contains(right, i)).count())
                    .isEqualTo(expected);
        }
    }

    @Test
    void whereNoExpertIsRightTheClassStartsFromRandomImages() throws IOException {
        FinalExperts experts = experts(always(0));

        int[] chosen = start(experts, 20);

        assertThat(Arrays.stream(chosen).map(i -> SAMPLE.labels()[i]).toArray())
                .isEqualTo(IntStream.range(0, 60).map(i -> i / 20).toArray());
        assertThat(Arrays.stream(chosen).distinct()).hasSize(60);
    }

    @Test
    void herdedStartFollowsTheMeanFeatureOfEachClassAsTheFirstExpertSeesIt() throws IOException {
        float[] first = random(1);

        int[] chosen = start(experts(first, random(2)), StartImages.HERDED, 2);

        for (int c = 0; c < CLASSES; c++) {
            float[][] features = features(first, SAMPLE.indicesOf(c));
            int nearest = SAMPLE.indicesOf(c)[nearest(features, Features.mean(features))];
            assertThat(chosen[2 * c]).isEqualTo(nearest);
            assertThat(SAMPLE.labels()[chosen[2 * c + 1]]).isEqualTo(c);
            assertThat(chosen[2 * c + 1]).isNotEqualTo(nearest);
        }
    }

    @Test
    void randomStartAsksNoExpert() throws IOException {
        FinalExperts none = new FinalExperts(session, TinyProblem.network(), buffer, List.of(7), 1, RunMonitor.SILENT);
        DistillationSettings settings = TinyProblem.settings().withImagesPerClass(2);

        int[] chosen = new RealStart(settings, SAMPLE, NORMALISATION, none).chosen();

        assertThat(chosen).hasSize(6);
    }

    @Test
    void logitsAreTheMeanOfTheExpertsThatAreRight() throws IOException {
        FinalExperts experts = experts(random(1), random(2), always(1));
        float[][] opinions = opinions(experts, 3);
        int[] images = IntStream.range(0, SAMPLE.size())
                .filter(i -> votes(opinions, i) > 0)
                .limit(1)
                .toArray();
        int label = SAMPLE.labels()[images[0]];
        int[] three = {SAMPLE.indicesOf(0)[0], SAMPLE.indicesOf(1)[0], SAMPLE.indicesOf(2)[0]};
        three[label] = images[0];

        float[] logits = logits(experts, three);

        double[] expected = new double[CLASSES];
        for (float[] opinion : opinions) {
            if (FinalExperts.guess(opinion, images[0], CLASSES) == label) {
                for (int k = 0; k < CLASSES; k++) {
                    expected[k] += opinion[images[0] * CLASSES + k] / votes(opinions, images[0]);
                }
            }
        }
        for (int k = 0; k < CLASSES; k++) {
            assertThat((double) logits[label * CLASSES + k]).isCloseTo(expected[k], within(1e-5));
        }
    }

    @Test
    void logitsOfAnImageNobodyGetsRightFavourItsClassAsMuchAsTheExpertsFavourTheirs() throws IOException {
        FinalExperts experts = experts(always(1));
        int[] one = {SAMPLE.indicesOf(0)[0], SAMPLE.indicesOf(1)[0], SAMPLE.indicesOf(2)[0]};
        float[] opinion = opinions(experts, 1)[0];

        float[] logits = logits(experts, one);

        float[] said = Arrays.copyOfRange(opinion, one[2] * CLASSES, one[2] * CLASSES + CLASSES);
        assertThat(Arrays.copyOfRange(logits, 2 * CLASSES, 3 * CLASSES)).containsExactly(said[0], said[2], said[1]);
        assertThat(FinalExperts.guess(logits, 2, CLASSES)).isEqualTo(2);
    }

    private float[][] features(float[] parameters, int[] images) {
        try (TrainingImages placed = TrainingImages.of(session.manager(), SAMPLE.select(images), NORMALISATION);
                NDArray theta = TensorSession.place(session.manager(), parameters);
                NDArray all = TinyProblem.network().features(theta, placed.images())) {
            float[] values = all.toFloatArray();
            int width = values.length / images.length;
            return IntStream.range(0, images.length)
                    .mapToObj(i -> Arrays.copyOfRange(values, i * width, (i + 1) * width))
                    .toArray(float[][]::new);
        }
    }

    private static int nearest(float[][] features, double[] mean) {
        return IntStream.range(0, features.length)
                .boxed()
                .min(Comparator.comparingDouble(i -> Features.squaredDistance(features[i], mean)))
                .orElseThrow();
    }

    private int[] start(FinalExperts experts, int imagesPerClass) throws IOException {
        return start(experts, StartImages.CORRECT, imagesPerClass);
    }

    private int[] start(FinalExperts experts, StartImages kind, int imagesPerClass) throws IOException {
        DistillationSettings settings =
                TinyProblem.settings().withImagesPerClass(imagesPerClass).withStart(kind);
        return new RealStart(settings, SAMPLE, NORMALISATION, experts).chosen();
    }

    private float[] logits(FinalExperts experts, int[] images) throws IOException {
        try (TrainingImages placed = TrainingImages.of(session.manager(), SAMPLE.select(images), NORMALISATION)) {
            return new LabelStart(experts, CLASSES, 1).logits(placed.images());
        }
    }

    private float[][] opinions(FinalExperts experts, int count) throws IOException {
        float[][] opinions = new float[count][];
        for (int slot = 0; slot < count; slot++) {
            try (TrainingImages all = TrainingImages.of(session.manager(), SAMPLE, NORMALISATION);
                    NDArray theta = TensorSession.place(
                            session.manager(),
                            buffer.load(slot).orElseThrow().snapshots().get(1));
                    NDArray logits = TinyProblem.network().logits(theta, all.images())) {
                opinions[slot] = logits.toFloatArray();
            }
        }
        assertThat(experts.count()).isEqualTo(count);
        return opinions;
    }

    private static int votes(float[][] opinions, int image) {
        return (int) Arrays.stream(opinions)
                .filter(opinion -> FinalExperts.guess(opinion, image, CLASSES) == SAMPLE.labels()[image])
                .count();
    }

    private static int[] correct(float[][] opinions, int label) {
        return Arrays.stream(SAMPLE.indicesOf(label))
                .filter(image -> votes(opinions, image) > 0)
                .toArray();
    }

    private static boolean contains(int[] images, int image) {
        return Arrays.stream(images).anyMatch(other -> other == image);
    }

    private FinalExperts experts(float[]... parameters) throws IOException {
        for (int ordinal = 0; ordinal < parameters.length; ordinal++) {
            float[] start = TinyProblem.network().layout().initialise(Draws.of(1, "unused", ordinal, 0));
            buffer.save(new Trajectory(ordinal, "sample", List.of(start, parameters[ordinal])));
        }
        return new FinalExperts(
                session,
                TinyProblem.network(),
                buffer,
                IntStream.range(0, parameters.length).boxed().toList(),
                1,
                RunMonitor.SILENT);
    }

    private static float[] random(long seed) {
        return TinyProblem.network().layout().initialise(Draws.of(seed, "expert", 0, 0));
    }

    /** An expert that sees one class in everything. */
    private static float[] always(int label) {
        ConvNet network = TinyProblem.network();
        float[] parameters = random(9);
        parameters[parameters.length - network.classes() + label] += 100;
        return parameters;
    }
}
