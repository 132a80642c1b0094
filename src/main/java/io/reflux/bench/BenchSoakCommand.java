package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.Figures;
import io.reflux.console.JsonOption;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.console.WorkFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether the service stays as it is over a long time. */
@Command(
        name = "soak",
        sortOptions = false,
        description = {
            "Runs the service for a long time at half its peak rate, with one round after the other, and says whether"
                    + " its memory, its threads or its lag grow.",
            "The exit code is 1 when one of them does. Memory is judged with a heap of fixed size, so that what Java"
                    + " may take anyhow is not taken for a leak; one that leaks into the heap ends the service."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux bench soak",
            "  reflux bench soak --minutes 2 --rate 1000",
            "  reflux bench soak --minutes 600 --json soak.json"
        })
final class BenchSoakCommand extends ConsoleCommand {
    private static final int PEAK_SHARE = 2;
    private static final long LEAST_RETENTION = 4L << 30;

    @Mixin
    private IngestOptions options = new IngestOptions();

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "30", description = "How long (default: 30).")
    private double minutes;

    @Option(
            names = "--heap",
            paramLabel = "MB",
            defaultValue = "1024",
            description = "The service's heap, taken whole at its start (default: ${DEFAULT-VALUE}).")
    private int heap;

    @Option(
            names = "--tolerance",
            paramLabel = "FRACTION",
            defaultValue = "0.05",
            description = "The part of its mean memory that the service may gain; short soaks need a larger"
                    + " one (default: ${DEFAULT-VALUE}).")
    private double tolerance;

    @Option(
            names = "--set",
            paramLabel = "PROPERTY=VALUE",
            description = "Any property of the service's configuration; may be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        options.check();
        if (!(minutes > 0) || heap < 1) {
            throw CommandException.usage("--minutes is " + minutes + " and --heap " + heap + ", both must be positive");
        }
        json.prepare(terminal);
        SoakVerdict verdict = soak(terminal);
        if (!verdict.growths().isEmpty()) {
            throw CommandException.failure(String.join("; ", verdict.growths()));
        }
        terminal.print("nothing grows");
    }

    private SoakVerdict soak(Terminal terminal) throws Exception {
        try (WorkFolder folder = WorkFolder.of(null);
                IngestCluster cluster =
                        IngestCluster.retaining(retention(), folder.path().resolve("kafka"), "")) {
            cluster.prepare();
            try (Replay replay = new Replay(options, cluster);
                    ServiceChild service = ServiceChild.start(cluster, folder.path(), configuration(), java());
                    ProgressWatch watch = new ProgressWatch(cluster, Replay.FEED);
                    RoundEnds rounds = new RoundEnds(cluster, Replay.FEED)) {
                SoakRun run = new SoakRun(service, replay, watch, rounds, terminal);
                double rate = rate(run, terminal);
                List<SoakSample> samples = run.soak(rate, 60 * minutes);
                SoakVerdict verdict = SoakVerdict.of(samples, rate, tolerance);
                report(verdict, rate, replay.sent(), rounds, terminal);
                return verdict;
            }
        }
    }

    private double rate(SoakRun run, Terminal terminal) {
        if (options.rateIsGiven()) {
            return options.rate();
        }
        terminal.note("measuring the peak rate");
        double peak = run.peak(options.warmUp() + options.images());
        terminal.print("peak: " + Table.decimal(peak, 0) + " images/s");
        return peak / PEAK_SHARE;
    }

    private void report(SoakVerdict verdict, double rate, long images, RoundEnds rounds, Terminal terminal) {
        terminal.print(Table.decimal(minutes, 1) + " minutes at " + Table.decimal(rate, 0) + " images/s: "
                + Table.count(images) + " images, each counted once; " + rounds.count() + " rounds, "
                + rounds.published() + " of them published");
        terminal.print(verdict.table());
        Figures figures = new Figures();
        options.addTo(figures);
        figures.put("soak.minutes", minutes)
                .put("soak.images-per-second", rate)
                .put("soak.images", images)
                .put("soak.rounds", rounds.count())
                .put("soak.published", rounds.published())
                .put("soak.megabytes.mean", verdict.memory().mean())
                .put("soak.megabytes.an-hour", 3600 * verdict.memory().slope())
                .put("soak.megabytes.error", 3600 * verdict.memory().error())
                .put("soak.lag.mean", verdict.lag().mean())
                .put("soak.lag.an-hour", 3600 * verdict.lag().slope())
                .put("soak.lag.error", 3600 * verdict.lag().error())
                .put("soak.threads.mean", verdict.threads().mean())
                .put("soak.threads.an-hour", 3600 * verdict.threads().slope())
                .put("soak.threads.error", 3600 * verdict.threads().error());
        json.write(figures, terminal);
    }

    /** Twice the flood of which the peak is measured, whose images all wait for the service. */
    private long retention() {
        long flood =
                (long) (options.warmUp() + options.images()) * options.shape().size();
        return Math.max(LEAST_RETENTION, 2 * flood);
    }

    /** A round is due as soon as the one before it is over. */
    private Map<String, String> configuration() {
        Map<String, String> configuration = new LinkedHashMap<>();
        configuration.put("reflux.rounds.every-images", "1");
        configuration.put("reflux.threads", Integer.toString(options.threads()));
        configuration.putAll(properties);
        return configuration;
    }

    /** With threads of the virtual machine's own that neither come nor go. */
    private List<String> java() {
        return List.of(
                "-Xms" + heap + "m",
                "-Xmx" + heap + "m",
                "-XX:+AlwaysPreTouch",
                "-XX:-UseDynamicNumberOfCompilerThreads",
                "-XX:-UseDynamicNumberOfGCThreads");
    }
}
