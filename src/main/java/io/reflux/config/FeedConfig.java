package io.reflux.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What is different for one feed. */
public interface FeedConfig {
    /** False to dead-letter every image of this feed. */
    @WithDefault("true")
    boolean allowed();

    /** Its classes; images of others are dead-lettered. Without a list any label makes a class. */
    Optional<List<String>> classes();

    /** Its images' shape, {@code C,H,W}; others are dead-lettered. Without one the commonest of the first sample counts. */
    Optional<String> shape();

    /** Images kept of each class, instead of {@code reflux.sample.per-class}. */
    OptionalInt perClass();

    /** Instead of {@code reflux.sample.half-life}. */
    Optional<Duration> halfLife();

    /** Synthetic images of each class, instead of {@code reflux.distillation.images-per-class}. */
    OptionalInt imagesPerClass();

    /** Instead of {@code reflux.distillation.augmentation}; leave out flips for digits. */
    Optional<String> augmentation();
}
