package io.reflux.cli;

import io.quarkus.arc.Arc;
import io.reflux.console.AccuracyTable;
import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.DataOptions;
import io.reflux.console.JsonOption;
import io.reflux.console.OutputPath;
import io.reflux.console.PairSheet;
import io.reflux.console.SetFile;
import io.reflux.console.Terminal;
import io.reflux.console.WorkFolder;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.EvaluationSettings;
import io.reflux.distill.SettingsProperties;
import io.reflux.image.DataSet;
import io.reflux.image.ImageSet;
import io.reflux.kafka.KafkaConnection;
import io.reflux.nn.Compute;
import io.reflux.reservoir.FeedSample;
import io.reflux.reservoir.ReservoirTopic;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job in one process: broker, service, a producer and a consumer. */
@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "The whole way in one process, from images on a topic to students trained on the distilled set.",
            "Starts a broker and the service, sends images, waits for the round, fetches the set, and prints images and"
                    + " bytes in and out, and how good students become on the distilled set, on random real images of"
                    + " the same count, and on the whole sample."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux demo                                        drawn images, about two minutes",
            "  reflux demo --data fashion-mnist --ipc 1 --seed 1  a data set on disk",
            "  reflux demo --ipc 10 --iterations 1000 --json figures.json",
            "  reflux demo --keep kept                            keep the topics and trajectories in 'kept'"
        })
final class DemoCommand extends ConsoleCommand {
    private static final String FEED = "demo";
    /** Loggers of Kafka, which a busy machine makes complain. */
    static final List<String> LOUD = List.of(
            "kafka",
            "org.apache.kafka",
            "org.apache.kafka.clients",
            "org.apache.kafka.common.utils",
            "org.apache.kafka.common.metrics");

    private static final int SMALL_SAMPLE = 300;
    private static final int SMALL_STREAM = 1000;
    private static final int ROUND_STUDENTS = 1;
    private static final int ROUND_DRAWS = 1;
    private static final int ROUND_SAMPLE_STEPS = 25;

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private DistillationOptions options = new DistillationOptions();

    @Option(
            names = "--per-class",
            paramLabel = "N",
            description = "Images of each class that the service keeps as its sample (default: " + SMALL_SAMPLE
                    + "; all with a published preset).")
    private @Nullable Integer askedPerClass;

    @Option(
            names = "--limit-per-class",
            paramLabel = "N",
            description = "Training images of each class that are sent, drawn by the seed (default: " + SMALL_STREAM
                    + "; all with a published preset).")
    private @Nullable Integer askedLimit;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "reflux-demo",
            description = "Where the set and the contact sheet go (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("reflux-demo");

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep the broker's data and the trajectories in this folder, and go on from what it holds;"
                    + " without it a fresh folder is used and removed.")
    private @Nullable Path keep;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        DistillationSettings settings = options.settings();
        if (options.shown(settings, terminal)) {
            return;
        }
        int perClass = options.perClass(askedPerClass, SMALL_SAMPLE);
        int limit = options.perClass(askedLimit, SMALL_STREAM);
        checkOptions(perClass, limit, terminal);
        DataSet source = data.load(terminal, settings.seed());
        options.preset().requireFits(source.train());
        ImageSet images = source.train().perClass(limit, settings.seed());
        try (WorkFolder folder = WorkFolder.of(keep)) {
            ServiceProcess.run(
                    configuration(settings, Math.min(perClass, images.size()), folder.path()),
                    () -> play(settings, source, images, terminal));
        }
    }

    private void checkOptions(int perClass, int limit, Terminal terminal) {
        if (perClass < 1 || limit < 1) {
            throw CommandException.usage(
                    "--per-class and --limit-per-class must be at least 1, they are " + perClass + " and " + limit);
        }
        OutputPath.requireFolder(out);
        json.prepare(terminal);
    }

    private void play(DistillationSettings settings, DataSet source, ImageSet images, Terminal terminal)
            throws Exception {
        KafkaConnection kafka = Arc.container().instance(KafkaConnection.class).get();
        Stopwatch watch = new Stopwatch();
        watch.note("starting", Stopwatch.sinceStart());
        ReservoirTopic samples = Arc.container().instance(ReservoirTopic.class).get();
        Demo demo = new Demo(
                kafka.clientProperties(), kafka.names(), kafka.partitionsByFeed(), FEED, () -> samples.feed(FEED)
                        .map(FeedSample::seen)
                        .orElse(0L));
        Demo.Outcome outcome = demo.run(
                images,
                new Passage(source.name(), 0),
                source.test(),
                settings.evaluation(),
                settings.seed(),
                Arc.container().instance(Compute.class).get(),
                watch,
                terminal);
        report(outcome, watch, terminal);
    }

    private void report(Demo.Outcome outcome, Stopwatch watch, Terminal terminal) {
        Path set = out.resolve("set.safetensors");
        Path sheet = out.resolve("contact-sheet.png");
        SetFile.of(set).write(outcome.generation().set());
        OutputPath.write(
                sheet, PairSheet.of(outcome.sample(), outcome.generation().set()));
        long images = outcome.generation().set().size();
        DemoReport report = new DemoReport(
                outcome.sent(),
                images,
                outcome.generation().bytes(),
                new AccuracyTable(outcome.report(), images, outcome.sample().size()),
                watch.stages(),
                Stopwatch.sinceStart());
        terminal.print(report.table());
        terminal.print("");
        terminal.print("the set:           " + set);
        terminal.print("the contact sheet: " + sheet + " (real images on the left, distilled ones on the right)");
        json.write(report.figures(), terminal);
    }

    private Map<String, String> configuration(DistillationSettings settings, int perClass, Path folder) {
        Map<String, String> configuration = new LinkedHashMap<>();
        // the service's own judgement on held-out images only has to tell a good set from a bad one here
        EvaluationSettings light = settings.evaluation();
        DistillationSettings round = settings.withEvaluation(new EvaluationSettings(
                ROUND_STUDENTS,
                ROUND_DRAWS,
                light.epochs(),
                light.batch(),
                light.realRate(),
                Math.min(ROUND_SAMPLE_STEPS, light.sampleSteps())));
        SettingsProperties.write(round)
                .forEach((name, value) -> configuration.put(SettingsProperties.PREFIX + name, value));
        configuration.put("reflux.data.directory", folder.toAbsolutePath().toString());
        configuration.put("reflux.broker.port", "0");
        configuration.put("reflux.sample.per-class", Integer.toString(perClass));
        configuration.put("reflux.rounds.every-images", "0");
        configuration.put("reflux.topics.partitions", "1");
        configuration.put("quarkus.http.host", "127.0.0.1");
        configuration.put("quarkus.http.port", "0");
        configuration.put("quarkus.banner.enabled", "false");
        configuration.put("quarkus.log.level", traces() ? "INFO" : "ERROR");
        if (!traces()) {
            // a busy machine makes the broker complain of itself; what matters of it the demo notices
            LOUD.forEach(logger -> configuration.put("quarkus.log.category.\"" + logger + "\".level", "OFF"));
            configuration.put("quarkus.log.console.filter", StartFailureFilter.NAME);
        }
        return configuration;
    }
}
