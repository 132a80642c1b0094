package io.reflux.bench;

import io.reflux.console.ClientFile;
import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.Figures;
import io.reflux.console.JsonOption;
import io.reflux.console.Meter;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.console.WorkFolder;
import io.reflux.wire.TopicNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast images are taken in, beside a consumer that only reads them. */
@Command(
        name = "ingest",
        sortOptions = false,
        description = {
            "Measures ingestion: sends a backlog of images to a topic, then lets a plain Kafka consumer and the service"
                    + " read it in turn, each in a fresh process.",
            "Everything of the service is on: decoding, priorities, the acknowledged writes to the reservoir, progress,"
                    + " offsets, and the owner of the sample. The broker runs in this process unless --bootstrap names"
                    + " one. docs/performance.md says what the figures mean."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux bench ingest",
            "  reflux bench ingest --content png --images 60000 --warm-up 60000",
            "  reflux bench ingest --repeats 1 --while-distilling --json ingest.json",
            "  reflux bench ingest --bootstrap kafka1:9092 --prefix bench- --images 1000000"
        })
final class BenchIngestCommand extends ConsoleCommand {
    @Mixin
    private IngestOptions options = new IngestOptions();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measurements of both, whose medians count (default: 3).")
    private int repeats;

    @Option(
            names = "--while-distilling",
            description = "Measure a running round and ingestion beside each other as well.")
    private boolean whileDistilling;

    @Option(
            names = "--part",
            paramLabel = "PART",
            defaultValue = "all",
            description =
                    "all, decode (decoding alone) or consumer (the plain consumer alone, on topics that are there)"
                            + " (default: ${DEFAULT-VALUE}).")
    private IngestPart part = IngestPart.ALL;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "The Kafka cluster to measure on, instead of a broker in this process.")
    private @Nullable String bootstrap;

    @Option(
            names = "--prefix",
            defaultValue = "bench-",
            paramLabel = "PREFIX",
            description = "What stands before the names of the topics that are made, and deleted after it"
                    + " (default: ${DEFAULT-VALUE}).")
    private String prefix = "bench-";

    @Mixin
    private ClientFile file = new ClientFile();

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        options.check();
        if (repeats < 1) {
            throw CommandException.usage("--repeats is " + repeats + ", must be at least 1");
        }
        json.prepare(terminal);
        Figures figures =
                switch (part) {
                    case ALL -> all(terminal);
                    case DECODE -> decode(terminal);
                    case CONSUMER -> consumer();
                };
        json.write(figures, terminal);
    }

    private Figures all(Terminal terminal) throws Exception {
        List<IngestFigures> service = new ArrayList<>();
        List<IngestFigures> raw = new ArrayList<>();
        try (WorkFolder folder = WorkFolder.of(null);
                IngestCluster cluster = cluster(folder)) {
            cluster.prepare();
            try (Replay replay = new Replay(options, cluster)) {
                flood(replay, terminal);
                for (int repeat = 1; repeat <= repeats; repeat++) {
                    terminal.note("repeat " + repeat + " of " + repeats);
                    IngestRun run = new IngestRun(options, cluster, replay, folder.path(), terminal);
                    IngestRun.Pair pair = run.measure();
                    service.add(whileDistilling ? pair.service().with(run.whileDistilling()) : pair.service());
                    raw.add(pair.raw());
                }
            }
            IngestReport report = new IngestReport(
                    options, service, raw, cluster.isEmbedded() ? "the broker in this process" : "an outside cluster");
            report.print(terminal);
            return report.figures();
        }
    }

    private void flood(Replay replay, Terminal terminal) {
        int backlog = options.warmUp() + options.images();
        try (Meter meter = terminal.meter("sending", "images", backlog)) {
            replay.flood(backlog, meter);
        }
    }

    private IngestCluster cluster(WorkFolder folder) {
        return bootstrap == null
                ? IngestCluster.within(folder.path().resolve("kafka"), prefix)
                : IngestCluster.outside(properties(bootstrap), prefix);
    }

    private Map<String, Object> properties(String cluster) {
        Map<String, Object> properties = new HashMap<>(file.properties());
        properties.put("bootstrap.servers", cluster);
        return properties;
    }

    private Figures decode(Terminal terminal) {
        DecodeRun run = new DecodeRun(options);
        double one = run.rate(1);
        double all = run.rate(options.threads());
        terminal.print("decoding " + options.content() + " of " + options.shape() + ": " + Table.decimal(one, 0)
                + " images/s on one thread, " + Table.decimal(all, 0) + " on " + options.threads());
        Figures figures = new Figures();
        options.addTo(figures);
        return figures.put("decode.one", one).put("decode.all", all);
    }

    private Figures consumer() {
        if (bootstrap == null) {
            throw CommandException.usage(
                    "--part consumer reads topics that are there; name their cluster by --bootstrap");
        }
        Figures figures = new Figures();
        try (RawReader reader = new RawReader(properties(bootstrap), new TopicNames(prefix))) {
            reader.read(options.warmUp(), options.images()).addTo(figures, IngestReport.RAW + ".");
        }
        return figures;
    }
}
