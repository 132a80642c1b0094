package io.reflux.bench;

import io.reflux.console.ConsoleCommand;
import io.reflux.console.JsonOption;
import io.reflux.console.Meter;
import io.reflux.console.Terminal;
import io.reflux.rounds.RoundPolicy;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A large installation, simulated with the real filters, priorities, records and round policy. */
@Command(
        name = "scale",
        sortOptions = false,
        description = {
            "Simulates an installation: images admitted into the reservoir topic in the course of time, bytes, memory of"
                    + " the filters, rounds due against what the devices can run, and what limits first.",
            "No broker and no tensor takes part; docs/scaling.md says what stands behind each figure."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux bench scale",
            "  reflux bench scale --feeds 100 --rate 10000 --replicas 2 --partitions 8 --every 1",
            "  reflux bench scale --half-life 24 --every-images 1000000 --json scale.json"
        })
final class BenchScaleCommand extends ConsoleCommand {
    private static final double[] SPANS = {1, 10, 60, 600, 3_600, 21_600, 86_400, 604_800};

    @Mixin
    private ScaleOptions options = new ScaleOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) {
        options.check();
        json.prepare(terminal);
        ScaleReport report = report(options, terminal);
        report.print(terminal);
        json.write(report.figures(), terminal);
    }

    static ScaleReport report(ScaleOptions options, Terminal terminal) {
        double[] ends = ends(options.seconds());
        ScaleRounds rounds = new ScaleRounds(
                options.feeds(),
                options.rate() / options.feeds(),
                options.replicas(),
                options.partitions(),
                options.roundSeconds(),
                new RoundPolicy(options.everyImages(), null, 10),
                options.limits().perClass());
        return new ScaleReport(
                options,
                new ScaleModel(options),
                ends,
                admitted(options, ends, terminal),
                rounds,
                rounds.run(options.seconds()));
    }

    /** Of each Nth feed, and as many times as there are feeds for each. */
    private static double[] admitted(ScaleOptions options, double[] ends, Terminal terminal) {
        ScaleAdmissions feed = new ScaleAdmissions(
                options.limits(),
                options.classes(),
                options.rate() / options.feeds(),
                options.holdOut(),
                options.halfLife());
        int drawn = (options.feeds() + options.every() - 1) / options.every();
        double[] admitted = new double[ends.length];
        SplittableRandom random = new SplittableRandom(options.seed());
        try (Meter meter = terminal.meter("simulating", "feeds", drawn)) {
            for (int i = 0; i < drawn; i++) {
                long[] bins = feed.run(ends, random.split());
                for (int bin = 0; bin < bins.length; bin++) {
                    admitted[bin] += bins[bin] * (options.feeds() / (double) drawn);
                }
                meter.at(i + 1, "");
            }
        }
        return admitted;
    }

    private static double[] ends(double seconds) {
        double[] whole = Arrays.stream(SPANS).filter(end -> end < seconds).toArray();
        return DoubleStream.concat(Arrays.stream(whole), DoubleStream.of(seconds))
                .toArray();
    }
}
