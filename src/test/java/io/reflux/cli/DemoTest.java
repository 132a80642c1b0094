package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.reflux.console.AccuracyTable;
import io.reflux.console.PairSheet;
import io.reflux.console.SetFile;
import io.reflux.console.Terminal;
import io.reflux.distill.EvaluationSettings;
import io.reflux.distill.SettingsProperties;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.kafka.KafkaConnection;
import io.reflux.nn.Compute;
import io.reflux.reservoir.FeedSample;
import io.reflux.reservoir.ReservoirTopic;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline: images on the topic, a round in the service, the generation read back, students trained on it. */
@QuarkusTest
@TestProfile(DemoTest.TinyService.class)
final class DemoTest {
    private static final String FEED = "pipeline";
    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);
    private static final List<String> CLASSES = List.of("across", "blank", "down");
    private static final int PER_CLASS = 30;

    /** A service that learns little, and finds it better than students that learn nothing at all from real images. */
    public static final class TinyService implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> configuration = new HashMap<>(Map.of(
                    "reflux.data.directory", fresh().toString(),
                    "reflux.broker.port", "0",
                    "reflux.topics.partitions", "1",
                    "reflux.sample.per-class", "12",
                    "reflux.sample.hold-out-minimum", "4",
                    "reflux.rounds.every-images", "0"));
            TinySettings.properties()
                    .forEach((name, value) -> configuration.put(SettingsProperties.PREFIX + name, value));
            configuration.put(SettingsProperties.PREFIX + "evaluation.real-rate", "1e-9");
            configuration.put(SettingsProperties.PREFIX + "evaluation.epochs", "60");
            return configuration;
        }

        private static Path fresh() {
            try {
                return Files.createTempDirectory(
                                Files.createDirectories(Path.of("target", "test-directories")), "demo-")
                        .toAbsolutePath();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Inject
    KafkaConnection kafka;

    @Inject
    ReservoirTopic samples;

    @TempDir
    Path directory;

    @Test
    void turnsImagesOnATopicIntoASetThatTrainsAStudent() throws Exception {
        Terminal silent = new Terminal(nowhere(), nowhere(), false);
        Stopwatch watch = new Stopwatch();
        Demo demo = new Demo(
                kafka.clientProperties(), kafka.names(), kafka.partitionsByFeed(), FEED, () -> samples.feed(FEED)
                        .map(FeedSample::seen)
                        .orElse(0L));
        EvaluationSettings judgement = new EvaluationSettings(2, 2, 60, 256, 1e-9, 5);

        Demo.Outcome outcome = demo.run(
                stripes(1), new Passage("stripes", 0), stripes(2), judgement, 1, Compute.processors(), watch, silent);

        Path file = directory.resolve("set.safetensors");
        SetFile.of(file).write(outcome.generation().set());
        DemoReport report = new DemoReport(
                outcome.sent(),
                outcome.generation().set().size(),
                outcome.generation().bytes(),
                new AccuracyTable(outcome.report(), 3, outcome.sample().size()),
                watch.stages(),
                Stopwatch.sinceStart());
        assertThat(outcome.sample().size())
                .isEqualTo(outcome.generation().manifest().sample().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum());
        assertThat(outcome.generation().manifest().in().images()).isEqualTo(90);
        assertThat(report.table().text())
                .contains("distilled images", "random real images", "the whole sample", "ratio");
        JsonNode figures = report.figures().json();
        assertThat(figures.at("/accuracy/distilled").asDouble())
                .isGreaterThan(figures.at("/accuracy/random").asDouble());
        assertThat(figures.at("/accuracy/sample").asDouble(-1)).isBetween(0.0, 1.0);
        assertThat(figures.at("/images/in").asLong()).isEqualTo(90);
        assertThat(figures.at("/images/out").asLong()).isEqualTo(3);
        assertThat(figures.at("/bytes/in").asLong()).isEqualTo(90L * SHAPE.size());
        assertThat(figures.at("/bytes/out").asLong()).isPositive();
        assertThat(figures.at("/seconds/total").asDouble()).isPositive();
        assertThat(PairSheet.of(outcome.sample(), outcome.generation().set())).isNotEmpty();
        try (NDManager manager = NDManager.newBaseManager();
                InputStream stream = Files.newInputStream(file)) {
            NDList tensors = NDList.decode(manager, stream);
            assertThat(tensors.get("images").getShape()).isEqualTo(new Shape(3, 1, 16, 16));
            assertThat(tensors.get("labels").getShape()).isEqualTo(new Shape(3, 3));
        }
    }

    /** Noise with stripes across, stripes down, or none. */
    private static ImageSet stripes(long seed) {
        Random random = new Random(seed);
        int[] labels = new int[PER_CLASS * CLASSES.size()];
        byte[] pixels = new byte[labels.length * SHAPE.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % CLASSES.size();
            for (int at = 0; at < SHAPE.size(); at++) {
                int line = labels[i] == 0 ? at / SHAPE.width() : labels[i] == 1 ? 0 : at % SHAPE.width();
                int bright = line % 4 >= 2 ? 150 : 0;
                pixels[i * SHAPE.size() + at] = (byte) (bright + random.nextInt(100));
            }
        }
        return new ImageSet(SHAPE, CLASSES, pixels, labels);
    }

    private static PrintStream nowhere() {
        return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    }
}
