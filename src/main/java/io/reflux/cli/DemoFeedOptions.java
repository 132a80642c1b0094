package io.reflux.cli;

import io.reflux.console.CommandException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The feed that {@code serve --demo} brings along, and how small everything is then. */
final class DemoFeedOptions {
    /** Seconds until the feed is again as it was at first. */
    private static final int PERIOD_SECONDS = 600;

    /** Images a class that are sent at once, so that the first round begins at once. */
    private static final int STOCK_PER_CLASS = 150;

    @Option(
            names = "--demo",
            required = true,
            description = "Bring along a feed named " + DemoFeed.NAME
                    + " that keeps producing and drifting, with rounds of about a minute.")
    private boolean demo;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The images of that feed, as 'reflux produce --data' takes them (default: drawn ones).")
    private @Nullable Path data;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20",
            description = "Its images a second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Draws its images and their order (default: ${DEFAULT-VALUE}).")
    private long seed;

    boolean wanted() {
        return demo;
    }

    @Nullable
    Path data() {
        return data;
    }

    double rate() {
        return rate;
    }

    long seed() {
        return seed;
    }

    /** @throws CommandException when the feed cannot be */
    void check() {
        if (!(rate > 0 && rate <= 10_000)) {
            throw CommandException.usage("--rate is " + rate + ", must be more than 0 and at most 10000");
        }
    }

    Drift drift() {
        return new Drift(Math.max(1, Math.round(PERIOD_SECONDS * rate)));
    }

    static int stock(int classes) {
        return STOCK_PER_CLASS * classes;
    }

    /** What makes a round take a minute and follow the drift; weaker than what is set on the command line. */
    Map<String, String> configuration(int classes) {
        Map<String, String> configuration = new LinkedHashMap<>();
        configuration.put("reflux.sample.per-class", "200");
        configuration.put("reflux.sample.half-life", "PT2M");
        configuration.put("reflux.rounds.every-images", Integer.toString(stock(classes)));
        // what was learned of yesterday's images may well be better than what can be learned of today's
        configuration.put("reflux.rounds.tolerance", "0.5");
        configuration.put("reflux.generations.keep", "20");
        configuration.put("reflux.topics.partitions", "1");
        configuration.put("reflux.distillation.experts.count", "3");
        configuration.put("reflux.distillation.matching.iterations", "200");
        // a student of a small sample does not bear thirty steps
        configuration.put("reflux.distillation.matching.inner-steps", "15");
        configuration.put("reflux.distillation.evaluation.students", "2");
        configuration.put("reflux.distillation.evaluation.random-draws", "3");
        configuration.put("reflux.distillation.evaluation.sample-steps", "100");
        configuration.put("quarkus.banner.enabled", "false");
        configuration.put("quarkus.log.level", "WARN");
        configuration.put("quarkus.log.category.\"io.reflux\".level", "INFO");
        DemoCommand.LOUD.forEach(logger -> configuration.put("quarkus.log.category.\"" + logger + "\".level", "ERROR"));
        return configuration;
    }
}
