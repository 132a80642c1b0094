package io.reflux.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.console.CommandException;
import io.reflux.console.Meter;
import io.reflux.console.Terminal;
import io.reflux.rounds.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Measures the raw consumer and then the service, each in a fresh process, on the same images. */
final class IngestRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ProcessStatus OWN =
            new ProcessStatus(ProcessHandle.current().pid());

    private final IngestOptions options;
    private final IngestCluster cluster;
    private final Replay replay;
    private final Path folder;
    private final Terminal terminal;
    private final long backlog;

    /** @param replay that has sent the backlog */
    IngestRun(IngestOptions options, IngestCluster cluster, Replay replay, Path folder, Terminal terminal) {
        this.options = options;
        this.cluster = cluster;
        this.replay = replay;
        this.folder = folder;
        this.terminal = terminal;
        this.backlog = replay.sent();
    }

    /** Figures of one kind of reader. */
    record Pair(IngestFigures service, IngestFigures raw) {}

    Pair measure() throws IOException {
        IngestFigures raw = raw();
        cluster.forgetService();
        try (ServiceChild service = ServiceChild.start(cluster, folder, properties());
                ProgressWatch watch = new ProgressWatch(cluster, Replay.FEED);
                Meter meter = terminal.meter("the service reads", "images", backlog)) {
            IngestFigures read = read(service, watch, options.warmUp(), options.warmUp() + options.images(), meter);
            watch.await(backlog, service, meter);
            return latencies(service, watch, new Pair(read, raw));
        }
    }

    private IngestFigures raw() throws IOException {
        terminal.note("the raw consumer reads");
        Path json = Files.createTempFile("reflux-bench-", ".json");
        try {
            List<String> arguments = new ArrayList<>(List.of("bench", "ingest", "--part", "consumer"));
            arguments.addAll(options.arguments());
            arguments.addAll(
                    List.of("--kafka-config", cluster.clientFile(folder).toString()));
            arguments.addAll(List.of("--bootstrap", cluster.bootstrap()));
            arguments.addAll(List.of("--prefix", cluster.topics().prefix(), "--json", json.toString()));
            OwnProcess.run(arguments, terminal);
            return IngestFigures.from(JSON.readTree(json.toFile()).path(IngestReport.RAW));
        } finally {
            Files.deleteIfExists(json);
        }
    }

    private IngestFigures read(ServiceChild service, ProgressWatch watch, long from, long to, Meter meter) {
        Passing start = watch.await(from, service, meter);
        double processor = service.status().processorSeconds();
        double broker = OWN.processorSeconds();
        Passing end = watch.await(to, service, meter);
        if (end.images() == start.images()) {
            throw CommandException.failure("the backlog was read before it could be measured; send more by --images");
        }
        double millions = (end.images() - start.images()) / 1e6;
        IngestFigures figures = IngestFigures.NONE
                .with(IngestFigure.IMAGES, end.rateSince(start))
                .with(IngestFigure.MEGABYTES, end.rateSince(start) * replay.bytesPerImage() / 1e6)
                .with(IngestFigure.PROCESSOR, (service.status().processorSeconds() - processor) / millions)
                .with(IngestFigure.MEMORY, service.status().peakMegabytes());
        return cluster.isEmbedded()
                ? figures.with(IngestFigure.BROKER, (OWN.processorSeconds() - broker) / millions)
                : figures;
    }

    private Pair latencies(ServiceChild service, ProgressWatch watch, Pair figures) {
        long before = watch.done();
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch stop = new CountDownLatch(1);
        CompletableFuture<List<Latencies.Mark>> follower = CompletableFuture.supplyAsync(() -> {
            try (RawReader reader = new RawReader(cluster.client(), cluster.topics())) {
                return reader.follow(ready, stop);
            }
        });
        List<Latencies.Mark> sent;
        try {
            ready.await();
            sent = replay.evenly(options.rate(), options.seconds());
            watch.await(before + sent.size(), service, Meter.SILENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failure("interrupted while measuring latency", e);
        } finally {
            stop.countDown();
        }
        return new Pair(
                with(figures.service(), Latencies.of(sent, watch.marks())),
                with(figures.raw(), Latencies.of(sent, follower.join())));
    }

    private static IngestFigures with(IngestFigures figures, Latencies latencies) {
        return figures.with(IngestFigure.LATENCY_MEDIAN, latencies.quantile(0.5))
                .with(IngestFigure.LATENCY_TAIL, latencies.quantile(0.99));
    }

    /**
     * Measures the service with a round at its iterations: on a further backlog, alone, and at the rate. The backlog is
     * sent then, far faster than it is read, and timed from when all of it is there.
     *
     * @throws CommandException when the round ends before that
     */
    IngestFigures whileDistilling() throws IOException {
        try (Rounds rounds = new Rounds(cluster.client(), cluster.topics(), cluster.partitionsByFeed());
                RoundWatch round = new RoundWatch(cluster, Replay.FEED)) {
            rounds.request(Replay.FEED);
            try (ServiceChild service = ServiceChild.start(cluster, folder, roundProperties());
                    ProgressWatch watch = new ProgressWatch(cluster, Replay.FEED);
                    Meter meter = terminal.meter("the service distils and reads", "images", options.images())) {
                round.awaitIterations(service);
                replay.flood(options.images(), Meter.SILENT);
                IngestFigures reading = read(service, watch, watch.done(), replay.sent(), meter);
                double alone = round.secondsAnIteration(options.seconds());
                return IngestFigures.NONE
                        .with(IngestFigure.ROUND_IMAGES, reading.value(IngestFigure.IMAGES))
                        .with(IngestFigure.ROUND_ALONE, alone)
                        .with(IngestFigure.ROUND_BESIDE, besideTheRate(round));
            }
        }
    }

    private double besideTheRate(RoundWatch round) {
        CompletableFuture<List<Latencies.Mark>> sending =
                CompletableFuture.supplyAsync(() -> replay.evenly(options.rate(), options.seconds()));
        double seconds = round.secondsAnIteration(options.seconds());
        sending.join();
        return seconds;
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("reflux.threads", Integer.toString(options.threads()));
        return properties;
    }

    /** A round that comes to its iterations soon and does not end while it is measured. */
    private Map<String, String> roundProperties() {
        Map<String, String> properties = properties();
        properties.put("reflux.distillation.experts.count", "1");
        properties.put("reflux.distillation.matching.iterations", "1000000");
        return properties;
    }
}
