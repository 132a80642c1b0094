package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.nn.ChannelNormalisation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A round that goes on from a set of other classes or another shape; it learns next to nothing, so that starts show. */
final class ChangedFeedTest {
    private static final List<String> CHANGED = List.of("both", "left", "middle");
    private static final DistillationSettings STILL = SettingsProperties.apply(
            TinyProblem.settings().withImagesPerClass(2), Map.of("matching.image-learning-rate", "1e-12"));

    @TempDir
    private Path directory;

    @Test
    void classesThatStayKeepTheirImagesAndANewOneStartsFromItsReal() throws IOException {
        DistilledSet former = run(STILL, TinyProblem.images(20, 1), null);
        ImageSet sample = changedClasses(TinyProblem.images(20, 3));

        DistilledSet next = run(STILL, sample, former);

        assertThat(next.classes()).isEqualTo(CHANGED);
        assertThat(images(next, "both")).isEqualTo(images(former, "both"));
        assertThat(images(next, "left")).isEqualTo(images(former, "left"));
        List<List<Integer>> real = IntStream.of(sample.indicesOf(CHANGED.indexOf("middle")))
                .mapToObj(i -> rounded(sample.image(i)))
                .toList();
        assertThat(images(next, "middle")).isSubsetOf(real).doesNotHaveDuplicates();
        assertThat(next.normalisation()).isEqualTo(former.normalisation());
    }

    @Test
    void softLabelsAreCarriedOverToTheClassesThatStay() throws IOException {
        DistillationSettings soft = SettingsProperties.apply(STILL, Map.of("matching.label-learning-rate", "1e-12"));
        DistilledSet former = run(soft, TinyProblem.images(20, 1), null);

        DistilledSet next = run(soft, changedClasses(TinyProblem.images(20, 3)), former);

        int carried = 0;
        for (int image = 0; image < next.size(); image++) {
            float[] label = label(next, image);
            double sum =
                    IntStream.range(0, label.length).mapToDouble(k -> label[k]).sum();
            assertThat(sum).isCloseTo(1, within(1e-5));
            int known = former(former, next, image);
            if (known >= 0) {
                carried++;
                float[] before = label(former, known);
                double both = before[former.classes().indexOf("both")];
                double left = before[former.classes().indexOf("left")];
                assertThat((double) label[0] / label[1]).isCloseTo(both / left, within(1e-3 * both / left));
                assertThat(label[2]).isLessThan(1e-4f);
            }
        }
        assertThat(carried).isEqualTo(4);
    }

    @Test
    void anotherShapeStartsAnewInItsOwnNormalisation() throws IOException {
        DistilledSet former = run(STILL, TinyProblem.images(20, 1), null);
        ImageSet coloured = coloured(TinyProblem.images(20, 1));

        DistilledSet next = run(STILL, coloured, former);

        assertThat(next.shape()).isEqualTo(coloured.shape());
        assertThat(next.normalisation()).isEqualTo(ChannelNormalisation.fit(coloured.pixels(), coloured.shape()));
        for (String label : coloured.classes()) {
            List<List<Integer>> real = IntStream.of(
                            coloured.indicesOf(coloured.classes().indexOf(label)))
                    .mapToObj(i -> rounded(coloured.image(i)))
                    .toList();
            assertThat(images(next, label)).isSubsetOf(real);
        }
        DistilledSet alone = new Distillation(STILL, directory.resolve("alone"))
                .run(coloured, coloured, null, RunMonitor.SILENT)
                .set();
        assertThat(next.pixels()).isEqualTo(alone.pixels());
    }

    private DistilledSet run(DistillationSettings settings, ImageSet sample, DistilledSet former) throws IOException {
        return new Distillation(settings, directory.resolve("feed"))
                .run(sample, sample, former, RunMonitor.SILENT)
                .set();
    }

    /** The images of {@code right} become those of {@code middle}, and the classes another order. */
    private static ImageSet changedClasses(ImageSet images) {
        List<String> names = List.of("left", "middle", "both");
        int[] labels = IntStream.of(images.labels())
                .map(label -> CHANGED.indexOf(names.get(label)))
                .toArray();
        return new ImageSet(images.shape(), CHANGED, images.pixels(), labels);
    }

    private static ImageSet coloured(ImageSet images) {
        ImageShape gray = images.shape();
        ImageShape shape = new ImageShape(3, gray.height(), gray.width());
        byte[] pixels = new byte[images.size() * shape.size()];
        for (int i = 0; i < images.size(); i++) {
            for (int p = 0; p < shape.size(); p++) {
                int value = images.image(i)[p % shape.plane()] & 0xff;
                pixels[i * shape.size() + p] = (byte) (value >> p / shape.plane());
            }
        }
        return new ImageSet(shape, images.classes(), pixels, images.labels());
    }

    /** Where an image of a class that stays was in the former set; −1 for one of a new class. */
    private static int former(DistilledSet former, DistilledSet next, int image) {
        String label = next.classes().get(next.classOf(image));
        int[] here = of(next, label);
        int[] there = of(former, label);
        return IntStream.range(0, there.length)
                .filter(i -> here[i] == image)
                .map(i -> there[i])
                .findFirst()
                .orElse(-1);
    }

    private static int[] of(DistilledSet set, String label) {
        int wanted = set.classes().indexOf(label);
        return IntStream.range(0, set.size())
                .filter(i -> set.classOf(i) == wanted)
                .toArray();
    }

    private static float[] label(DistilledSet set, int image) {
        int classes = set.classes().size();
        return Arrays.copyOfRange(set.labels(), image * classes, (image + 1) * classes);
    }

    /** The pixels of a class's images. */
    private static List<List<Integer>> images(DistilledSet set, String label) {
        int size = set.shape().size();
        byte[] pixels = set.pixels();
        return IntStream.of(of(set, label))
                .mapToObj(i -> rounded(Arrays.copyOfRange(pixels, i * size, (i + 1) * size)))
                .toList();
    }

    private static List<Integer> rounded(byte[] pixels) {
        return IntStream.range(0, pixels.length).mapToObj(i -> pixels[i] & 0xff).toList();
    }
}
