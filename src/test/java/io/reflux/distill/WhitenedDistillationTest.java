package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.TensorSession;
import io.reflux.nn.ZcaNormalisation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WhitenedDistillationTest {
    private static final ImageSet SAMPLE = TinyProblem.images(20, 1);
    private static final ImageSet HELD_OUT = TinyProblem.images(10, 2);
    private static final DistillationSettings WHITENED = TinyProblem.settings().withWhitening(WhiteningSetting.ZCA);

    @TempDir
    private Path directory;

    @Test
    void worksInWhitenedSpaceAndShowsPictures() throws IOException {
        DistillationResult result = run("a", WHITENED, SAMPLE, null, RunMonitor.SILENT);

        DistilledSet set = result.set();
        assertThat(set.normalisation())
                .isInstanceOfSatisfying(ZcaNormalisation.class, zca -> assertThat(zca.dimensions())
                        .isEqualTo(TinyProblem.SHAPE.size()));
        assertThat(result.durations()).containsOnlyKeys(Stage.values());
        assertThat(brightness(set.pixels(), 0, true)).isGreaterThan(brightness(set.pixels(), 0, false) + 50);
        assertThat(brightness(set.pixels(), 1, false)).isGreaterThan(brightness(set.pixels(), 1, true) + 50);
    }

    @Test
    void beginsAtRealImagesWhitened() throws IOException {
        ZcaNormalisation zca = (ZcaNormalisation)
                new FittedNormalisation(WhiteningSetting.ZCA, directory, 1, RunMonitor.SILENT).of(SAMPLE, null);

        float[] start;
        try (TensorSession session = TensorSession.open()) {
            FinalExperts none = new FinalExperts(
                    session, TinyProblem.network(), new TrajectoryBuffer(directory), List.of(), 1, RunMonitor.SILENT);
            start = new SyntheticStart(WHITENED, SAMPLE, zca, none, null).images();
        }

        byte[] pictures = zca.invert(start, SAMPLE.shape());
        for (int k = 0; k < 3; k++) {
            byte[] picture = Arrays.copyOfRange(
                    pictures,
                    k * SAMPLE.shape().size(),
                    (k + 1) * SAMPLE.shape().size());
            assertThat(Arrays.stream(SAMPLE.indicesOf(k)).anyMatch(i -> near(picture, SAMPLE.image(i))))
                    .as("class %d", k)
                    .isTrue();
        }
    }

    @Test
    void anInterruptedRunEndsBitForBitLikeAnUninterruptedOne() throws IOException {
        DistilledSet uninterrupted =
                run("a", WHITENED, SAMPLE, null, RunMonitor.SILENT).set();
        for (Progress stop : List.of(
                new Progress(Stage.WHITENING, 3, 0, 0),
                new Progress(Stage.EXPERTS, 4, 0, 0),
                new Progress(Stage.MATCHING, 7, 0, 0))) {
            assertThatThrownBy(() -> run("b", WHITENED, SAMPLE, null, new StopAt(stop)))
                    .isInstanceOf(DistillationCancelledException.class);
        }

        DistilledSet resumed =
                run("b", WHITENED, SAMPLE, null, RunMonitor.SILENT).set();

        assertThat(resumed.images()).containsExactly(uninterrupted.images());
        assertThat(resumed.normalisation()).isEqualTo(uninterrupted.normalisation());
        assertThat(resumed.recipe()).isEqualTo(uninterrupted.recipe());
    }

    @Test
    void aResumedRunFitsNothingAndADamagedFileIsFittedAgain() throws IOException {
        DistilledSet first = run("a", WHITENED, SAMPLE, null, RunMonitor.SILENT).set();
        Stages second = new Stages();
        run("a", WHITENED, SAMPLE, null, second);
        Path file = files("whitening-").get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        Stages third = new Stages();

        DistilledSet again = run("a", WHITENED, SAMPLE, null, third).set();

        assertThat(second.seen).doesNotContain(Stage.WHITENING);
        assertThat(third.seen).contains(Stage.WHITENING);
        assertThat(again.normalisation()).isEqualTo(first.normalisation());
        assertThat(again.images()).containsExactly(first.images());
    }

    @Test
    void aLaterRoundKeepsTheMatrixAndItsTrajectories() throws IOException {
        DistilledSet former =
                run("a", WHITENED, SAMPLE, null, RunMonitor.SILENT).set();

        DistilledSet later = run("a", WHITENED, TinyProblem.images(20, 9), former, RunMonitor.SILENT)
                .set();

        assertThat(later.normalisation()).isEqualTo(former.normalisation());
        assertThat(files("trajectory-"))
                .extracting(file -> String.valueOf(file.getFileName()))
                .containsExactly("trajectory-1.safetensors", "trajectory-2.safetensors");
        assertThat(files("whitening-")).hasSize(1);
    }

    @Test
    void anotherMatrixHasTrajectoriesOfItsOwn() throws IOException {
        DistilledSet former =
                run("a", WHITENED, SAMPLE, null, RunMonitor.SILENT).set();

        DistilledSet other = run("a", WHITENED, TinyProblem.images(20, 9), null, RunMonitor.SILENT)
                .set();

        assertThat(other.normalisation()).isNotEqualTo(former.normalisation());
        assertThat(files("trajectory-").stream().map(Path::getParent).distinct())
                .hasSize(2);
    }

    @Test
    void aChangedSettingShowsTheFormerPicturesInTheNewNormalisation() throws IOException {
        DistilledSet plain = run("a", TinyProblem.settings(), SAMPLE, null, RunMonitor.SILENT)
                .set();
        MatchingSettings none = new MatchingSettings(1, 3, 2, 2, 0, 1e-9, 1e-9, 0.02, 0.5, 0, Guards.on());

        DistilledSet whitened = run("a", WHITENED.withMatching(none), SAMPLE, plain, RunMonitor.SILENT)
                .set();
        DistilledSet back = run("a", TinyProblem.settings().withMatching(none), SAMPLE, whitened, RunMonitor.SILENT)
                .set();

        assertThat(whitened.normalisation()).isInstanceOf(ZcaNormalisation.class);
        assertThat(back.normalisation()).isInstanceOf(ChannelNormalisation.class);
        assertThat(near(whitened.pixels(), plain.pixels())).isTrue();
        assertThat(near(back.pixels(), plain.pixels())).isTrue();
    }

    @Test
    void aSetSurvivesItsFileAndIsJudgedFromItAlone() throws IOException {
        DistillationResult result = run("a", WHITENED, SAMPLE, null, RunMonitor.SILENT);

        DistilledSet read = DistilledSet.fromSafetensors(
                Safetensors.decode(result.set().toSafetensors().encode()));

        assertThat(read.images()).containsExactly(result.set().images());
        assertThat(read.normalisation()).isEqualTo(result.set().normalisation());
        assertThat(read.pixels()).containsExactly(result.set().pixels());
        assertThat(new Evaluation(WHITENED.evaluation(), 1).evaluate(read, SAMPLE, HELD_OUT, RunMonitor.SILENT))
                .isEqualTo(result.report());
    }

    @Test
    void aDamagedWhiteningIsRefusedSayingWhatIsWrong() throws IOException {
        Safetensors whole =
                run("a", WHITENED, SAMPLE, null, RunMonitor.SILENT).set().toSafetensors();
        float[] bent = whole.tensor("whitening.transform").floats();
        bent[5] += 1e-3f;
        byte[] encoded = whole.encode();

        refusedTensor(whole, "whitening.transform", null, "no tensor named 'whitening.transform'");
        refusedTensor(whole, "whitening.mean", Tensor.of(new float[255], 255), "[255]", "[256]");
        refusedTensor(whole, "whitening.transform", Tensor.of(new float[16], 4, 4), "[4, 4]", "[256, 256]");
        refusedTensor(whole, "whitening.transform", Tensor.of(bent, 256, 256), "whitening matrix", "SHA-256");
        refusedMeta(whole, "normalisation.kind", "pca", "'pca'");
        refusedMeta(whole, "normalisation.epsilon", "much", "much");
        assertThatThrownBy(() -> Safetensors.decode(Arrays.copyOf(encoded, encoded.length - 100)))
                .isInstanceOf(FormatException.class);
    }

    @Test
    void imagesTooLargeToWhitenAreRefusedWithTheMemoryItWouldTake() {
        ImageShape large = new ImageShape(3, 128, 128);
        ImageSet set = new ImageSet(large, List.of("a"), new byte[2 * large.size()], new int[2]);

        assertThatThrownBy(() -> new Distillation(WHITENED, directory).run(set, set, null, RunMonitor.SILENT))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("reflux.distillation.whitening is zca")
                .hasMessageContaining("3,128,128")
                .hasMessageContaining("49152 values")
                .hasMessageContaining("10 GB")
                .hasMessageContaining("set it to none");
    }

    @Test
    void aSingleImageIsNotWhitened() {
        ImageSet one = new ImageSet(new ImageShape(1, 2, 2), List.of("a"), new byte[4], new int[1]);

        assertThatThrownBy(() -> new Distillation(WHITENED, directory).run(one, one, null, RunMonitor.SILENT))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("at least two images")
                .hasMessageContaining("there is 1");
    }

    private DistillationResult run(
            String name,
            DistillationSettings settings,
            ImageSet sample,
            @Nullable DistilledSet former,
            RunMonitor monitor)
            throws IOException {
        return new Distillation(settings, directory.resolve(name)).run(sample, HELD_OUT, former, monitor);
    }

    private static void refusedTensor(Safetensors whole, String name, @Nullable Tensor replacement, String... words) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(whole.tensors());
        tensors.remove(name);
        if (replacement != null) {
            tensors.put(name, replacement);
        }
        refused(new Safetensors(tensors, whole.metadata()), words);
    }

    private static void refusedMeta(Safetensors whole, String key, String value, String word) {
        Map<String, String> metadata = new LinkedHashMap<>(whole.metadata());
        metadata.put(key, value);
        refused(new Safetensors(whole.tensors(), metadata), word);
    }

    private static void refused(Safetensors file, String... words) {
        assertThatThrownBy(() -> DistilledSet.fromSafetensors(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContainingAll(words);
    }

    /** Mean of a picture's left or right bar. */
    private static double brightness(byte[] pixels, int image, boolean left) {
        double sum = 0;
        int count = 0;
        for (int p = 0; p < TinyProblem.SHAPE.size(); p++) {
            int column = p % TinyProblem.SHAPE.width();
            if (left ? column < 5 : column >= 11) {
                sum += pixels[image * TinyProblem.SHAPE.size() + p] & 0xff;
                count++;
            }
        }
        return sum / count;
    }

    private static boolean near(byte[] pixels, byte[] others) {
        for (int i = 0; i < pixels.length; i++) {
            if (Math.abs((pixels[i] & 0xff) - (others[i] & 0xff)) > 1) {
                return false;
            }
        }
        return true;
    }

    private List<Path> files(String prefix) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    /** Remembers the stages it hears of. */
    private static final class Stages implements RunMonitor {
        private final Set<Stage> seen = EnumSet.noneOf(Stage.class);

        @Override
        public synchronized void report(Progress progress) {
            seen.add(progress.stage());
        }

        @Override
        public boolean cancelled() {
            return false;
        }
    }

    /** Asks to stop once a stage has come this far. */
    private static final class StopAt implements RunMonitor {
        private final Progress stop;
        private volatile boolean reached;

        StopAt(Progress stop) {
            this.stop = stop;
        }

        @Override
        public void report(Progress progress) {
            reached |= progress.stage() == stop.stage() && progress.done() >= stop.done();
        }

        @Override
        public boolean cancelled() {
            return reached;
        }
    }
}
