package io.reflux.api;

import io.reflux.config.ConfiguredSettings;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.config.RoundsConfig;
import io.reflux.distill.SettingsProperties;
import io.reflux.image.ImageShape;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is configured for a feed in this process; the settings in force for its sample are those of the owner.
 *
 * @param allowed whether its images are taken
 * @param perClass images kept of each class
 * @param halfLife of an image's weight; absent for a uniform sample
 * @param holdOut fraction held out for evaluation
 * @param classes declared ones; none: any label makes a class
 * @param classLimit classes at most
 * @param shape declared [C,H,W]; absent: the commonest of the first sample
 * @param rounds when they start
 * @param distillation every setting by property name
 */
public record FeedConfiguration(
        String feed,
        boolean allowed,
        int perClass,
        @Nullable Duration halfLife,
        double holdOut,
        List<String> classes,
        int classLimit,
        @Nullable List<Integer> shape,
        Triggers rounds,
        Map<String, String> distillation) {
    /**
     * When rounds start by themselves.
     *
     * @param everyImages new images; 0: never by count
     * @param every time; absent: never by time
     * @param minimumPerClass images of every class before the first
     */
    public record Triggers(long everyImages, @Nullable Duration every, int minimumPerClass) {}

    static FeedConfiguration of(RefluxConfig config, String feed) {
        FeedSettings settings = FeedSettings.of(config, feed);
        RoundsConfig rounds = config.rounds();
        return new FeedConfiguration(
                feed,
                settings.allowed(),
                settings.perClass(),
                settings.halfLife().orElse(null),
                settings.holdOut(),
                settings.classes(),
                settings.classLimit(),
                settings.shape().map(FeedConfiguration::sizes).orElse(null),
                new Triggers(rounds.everyImages(), rounds.every().orElse(null), rounds.minimumPerClass()),
                SettingsProperties.write(new ConfiguredSettings(config).of(feed)));
    }

    private static List<Integer> sizes(ImageShape shape) {
        return List.of(shape.channels(), shape.height(), shape.width());
    }
}
