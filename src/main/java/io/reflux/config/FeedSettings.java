package io.reflux.config;

import io.reflux.image.ImageShape;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.sample.Priority;
import io.reflux.sample.SampleLimits;
import io.reflux.wire.ImageHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is configured for the sample of one feed.
 *
 * @param feed its name
 * @param allowed whether its images are taken at all
 * @param perClass k, images kept of each class besides those held out
 * @param halfLife of an image's weight; empty: a uniform sample
 * @param holdOut fraction held out
 * @param holdOutMinimum images of a class held out at least
 * @param classes the declared ones, sorted; empty: any label makes a class
 * @param classLimit classes at most
 * @param shape the declared one; empty: the commonest of the first sample
 */
public record FeedSettings(
        String feed,
        boolean allowed,
        int perClass,
        Optional<Duration> halfLife,
        double holdOut,
        int holdOutMinimum,
        List<String> classes,
        int classLimit,
        Optional<ImageShape> shape) {
    public FeedSettings {
        classes = classes.stream().distinct().sorted().toList();
        require(perClass >= 1, "reflux.sample.per-class", perClass, "at least 1");
        require(holdOut >= 0 && holdOut < 1, "reflux.sample.hold-out", holdOut, "in [0, 1)");
        require(holdOutMinimum >= 0, "reflux.sample.hold-out-minimum", holdOutMinimum, "0 or more");
        require(classLimit >= 2, "reflux.limits.classes", classLimit, "at least 2");
        require(
                halfLife.isEmpty() || halfLife.get().toMillis() > 0,
                "reflux.sample.half-life",
                halfLife.map(Duration::toString).orElse(""),
                "positive");
        require(
                classes.size() <= classLimit,
                property(feed, "classes"),
                classes.size() + " names",
                "at most reflux.limits.classes, " + classLimit);
    }

    /**
     * The settings of a feed: its own section where there is one, else the general ones.
     *
     * @throws InvalidConfigurationException naming the property
     */
    public static FeedSettings of(RefluxConfig config, String feed) {
        Optional<FeedConfig> own = Optional.ofNullable(config.feeds().get(feed));
        SampleConfig sample = config.sample();
        FeedSettings settings = new FeedSettings(
                feed,
                own.map(FeedConfig::allowed).orElse(!config.limits().declaredFeedsOnly()),
                own.map(FeedConfig::perClass).orElse(OptionalInt.empty()).orElse(sample.perClass()),
                own.flatMap(FeedConfig::halfLife).or(sample::halfLife),
                sample.holdOut(),
                sample.holdOutMinimum(),
                own.flatMap(FeedConfig::classes).orElse(List.of()),
                config.limits().classes(),
                own.flatMap(FeedConfig::shape).map(shape -> shape(feed, shape)));
        OptionalInt images = config.limits().images();
        return images.isPresent() ? settings.within(images.getAsInt()) : settings;
    }

    /** The same with as many classes as have room in so many images, of which one may be needed to shut others out. */
    private FeedSettings within(int images) {
        int each = perClass + holdOutRule().perClass(perClass);
        int room = (images - 1) / each;
        require(room >= 2, "reflux.limits.images", images, "at least " + (2 * each + 1) + ", for two classes");
        return new FeedSettings(
                feed, allowed, perClass, halfLife, holdOut, holdOutMinimum, classes, Math.min(classLimit, room), shape);
    }

    /**
     * What decides an image's priority and whether it is held out, as sixteen hexadecimal digits. Records of another
     * epoch are judged anew when they are read.
     */
    public String epoch() {
        String decisive = halfLife.map(Duration::toMillis).orElse(0L) + "/" + holdOut;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(decisive.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Which images are held out. */
    public HoldOut holdOutRule() {
        return new HoldOut(holdOut, holdOutMinimum);
    }

    /** How much is kept. */
    public SampleLimits limits() {
        return SampleLimits.of(perClass, holdOutRule(), classLimit);
    }

    /** The priority of an image taken at a time in milliseconds. */
    public double priority(Identity identity, long timeMillis) {
        return Priority.of(identity, timeMillis, halfLife.orElse(null));
    }

    /** Whether a label can be a class of this feed. */
    public boolean admits(String label) {
        return classes.isEmpty() || classes.contains(label);
    }

    private static ImageShape shape(String feed, String text) {
        try {
            return ImageShape.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationException(property(feed, "shape"), "is wrong: " + e.getMessage());
        }
    }

    private static String property(String feed, String name) {
        return "reflux.feeds." + (feed.equals(ImageHeaders.DEFAULT_FEED) ? feed : "\"" + feed + "\"") + "." + name;
    }

    private static void require(boolean holds, String property, Object value, String wanted) {
        if (!holds) {
            throw new InvalidConfigurationException(property, "is " + value + ", must be " + wanted);
        }
    }
}
