package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.Figures;
import io.reflux.console.ImageEncoding;
import io.reflux.console.Table;
import io.reflux.image.ImageShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The stream on which ingestion is measured, and how often. */
final class IngestOptions {
    private static final int USUAL_RATE = 2_000;

    @Option(
            names = "--images",
            paramLabel = "N",
            defaultValue = "400000",
            description = "Images of the measured backlog (default: 400000).")
    private int images;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "600000",
            description = "Images of the backlog before those, read while Java still compiles (default: 600000).")
    private int warmUp;

    @Option(names = "--channels", paramLabel = "N", defaultValue = "3", description = "1 or 3 (default: 3).")
    private int channels;

    @Option(names = "--pixels", paramLabel = "N", defaultValue = "32", description = "Side of an image (default: 32).")
    private int pixels;

    @Option(names = "--classes", paramLabel = "N", defaultValue = "10", description = "Classes (default: 10).")
    private int classes;

    @Option(
            names = "--content",
            paramLabel = "raw|png",
            defaultValue = "raw",
            description = "How images are encoded (default: ${DEFAULT-VALUE}).")
    private ImageEncoding content = ImageEncoding.RAW;

    @Option(
            names = "--events",
            description = "Send the CloudEvents headers too, by which images are told apart; without them it is by"
                    + " their place in the topic.")
    private boolean events;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Images a second at which latency is measured, and which a round is measured beside"
                    + " (default: 2000); of a soak, the whole time (default: half the peak).")
    private @Nullable Integer rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "15",
            description = "Seconds of each measurement at that rate (default: 15).")
    private int seconds;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "reflux.threads of the service; unless given, as many as there are processors.")
    private @Nullable Integer threads;

    int images() {
        return images;
    }

    int warmUp() {
        return warmUp;
    }

    int rate() {
        return rate == null ? USUAL_RATE : rate;
    }

    boolean rateIsGiven() {
        return rate != null;
    }

    int seconds() {
        return seconds;
    }

    int classes() {
        return classes;
    }

    boolean events() {
        return events;
    }

    ImageEncoding content() {
        return content;
    }

    ImageShape shape() {
        return new ImageShape(channels, pixels, pixels);
    }

    int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /** @throws CommandException naming the option that cannot be */
    void check() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("images", images);
        counts.put("warm-up", warmUp);
        counts.put("pixels", pixels);
        counts.put("classes", classes);
        counts.put("rate", rate());
        counts.put("seconds", seconds);
        counts.put("threads", threads());
        counts.forEach((name, value) -> {
            if (value < 1) {
                throw CommandException.usage("--" + name + " is " + value + ", must be at least 1");
            }
        });
        if (channels != 1 && channels != 3) {
            throw CommandException.usage("--channels is " + channels + ", must be 1 (gray) or 3 (color)");
        }
    }

    /** What the options say, for the figures. */
    void addTo(Figures figures) {
        figures.put("case.images", images)
                .put("case.warm-up", warmUp)
                .put("case.shape", shape().toString())
                .put("case.classes", classes)
                .put("case.content", content.toString())
                .put("case.events", Boolean.toString(events))
                .put("case.rate", rate())
                .put("case.threads", threads());
    }

    /** The options that say the same to another process. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--images", Integer.toString(images)));
        arguments.addAll(List.of("--warm-up", Integer.toString(warmUp)));
        return arguments;
    }

    /** What is measured, in words. */
    String words() {
        return Table.count(images) + " images of " + channels + "×" + pixels + "×" + pixels + " as " + content
                + " after " + Table.count(warmUp) + " to warm up, " + classes + " classes";
    }
}
