package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.image.ImageShape;
import io.reflux.sample.HoldOut;
import io.reflux.sample.SampleLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The installation that is simulated, and the measured figures that its replicas are given. */
final class ScaleOptions {
    @Option(names = "--feeds", paramLabel = "N", defaultValue = "10000", description = "Feeds (default: 10000).")
    private int feeds = 10_000;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Images per second of all feeds together (default: 1000000).")
    private double rate = 1_000_000;

    @Option(names = "--classes", paramLabel = "N", defaultValue = "10", description = "Classes a feed (default: 10).")
    private int classes = 10;

    @Option(
            names = "--shape",
            paramLabel = "C,H,W",
            defaultValue = "3,32,32",
            description = "The images' shape; they come as raw pixels (default: 3,32,32).")
    private String shape = "3,32,32";

    @Option(
            names = "--per-class",
            paramLabel = "N",
            defaultValue = "300",
            description = "Images kept of a class beside" + " those held out (default: 300).")
    private int perClass = 300;

    @Option(
            names = "--hold-out",
            paramLabel = "FRACTION",
            defaultValue = "0.1",
            description = "Fraction held out (default: 0.1).")
    private double holdOut = 0.1;

    @Option(
            names = "--half-life",
            paramLabel = "HOURS",
            description = "Half-life of an image's weight (default: none, a uniform sample).")
    private @Nullable Double halfLife;

    @Option(names = "--hours", paramLabel = "N", defaultValue = "24", description = "Simulated hours (default: 24).")
    private double hours = 24;

    @Option(
            names = "--every",
            paramLabel = "N",
            defaultValue = "200",
            description = "Draw the samples of each Nth feed only, and multiply (default: 200; 1 draws all).")
    private int every = 200;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "100",
            description = "Processes, each with every role and one device (default: 100).")
    private int replicas = 100;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "200",
            description = "Partitions of the topics by feed (default: 200).")
    private int partitions = 200;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "500",
            description = "Records of a poll (default: 500).")
    private int batch = 500;

    @Option(
            names = "--round-seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "Seconds a round takes a device (default: 60).")
    private double roundSeconds = 60;

    @Option(
            names = "--every-images",
            paramLabel = "N",
            defaultValue = "10000",
            description = "reflux.rounds.every-images: new images that make a round due; 0: never by count"
                    + " (default: 10000).")
    private long everyImages = 10_000;

    @Option(
            names = "--replica-rate",
            paramLabel = "N",
            defaultValue = "15000",
            description = "Images per second that a replica can take, as 'reflux bench ingest' measures it (default:"
                    + " 15000).")
    private double replicaRate = 15_000;

    @Option(
            names = "--write-rate",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Records per second that a replica can write and have acknowledged (default: 20000).")
    private double writeRate = 20_000;

    @Option(
            names = "--heap-gigabytes",
            paramLabel = "N",
            defaultValue = "4",
            description = "Heap of a replica for filters and samples (default: 4).")
    private double heapGigabytes = 4;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Draws the samples (default: 1).")
    private long seed = 1;

    /** @throws CommandException naming the option that cannot be */
    void check() {
        require(feeds > 0, "--feeds", feeds);
        require(rate > 0, "--rate", rate);
        require(classes > 0, "--classes", classes);
        require(perClass > 0, "--per-class", perClass);
        require(holdOut >= 0 && holdOut < 1, "--hold-out", holdOut);
        require(halfLife == null || halfLife > 0, "--half-life", String.valueOf(halfLife));
        require(hours > 0, "--hours", hours);
        require(every > 0 && every <= feeds, "--every", every);
        require(replicas > 0, "--replicas", replicas);
        require(partitions >= replicas, "--partitions", partitions + " and below --replicas");
        require(batch > 0, "--batch", batch);
        require(roundSeconds > 0, "--round-seconds", roundSeconds);
        require(everyImages >= 0, "--every-images", everyImages);
        require(replicaRate > 0, "--replica-rate", replicaRate);
        require(writeRate > 0, "--write-rate", writeRate);
        require(heapGigabytes > 0, "--heap-gigabytes", heapGigabytes);
        try {
            shape();
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--shape is wrong: " + e.getMessage());
        }
    }

    int feeds() {
        return feeds;
    }

    int classes() {
        return classes;
    }

    int every() {
        return every;
    }

    int replicas() {
        return replicas;
    }

    int partitions() {
        return partitions;
    }

    int batch() {
        return batch;
    }

    long everyImages() {
        return everyImages;
    }

    double rate() {
        return rate;
    }

    double roundSeconds() {
        return roundSeconds;
    }

    double replicaRate() {
        return replicaRate;
    }

    double writeRate() {
        return writeRate;
    }

    double heapBytes() {
        return heapGigabytes * 1e9;
    }

    long seed() {
        return seed;
    }

    double holdOut() {
        return holdOut;
    }

    double seconds() {
        return hours * 3600;
    }

    ImageShape shape() {
        return ImageShape.parse(shape);
    }

    @Nullable
    Duration halfLife() {
        return halfLife == null ? null : Duration.ofMillis(Math.round(halfLife * 3_600_000));
    }

    SampleLimits limits() {
        return SampleLimits.of(perClass, new HoldOut(holdOut, 0), Math.max(classes, 2));
    }

    private static void require(boolean holds, String option, Object value) {
        if (!holds) {
            throw CommandException.usage(option + " is " + value + ", which cannot be simulated");
        }
    }
}
