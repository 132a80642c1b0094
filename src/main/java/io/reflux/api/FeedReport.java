package io.reflux.api;

import io.reflux.feeds.FeedStatus;
import io.reflux.feeds.FeedStatus.SampleTime;
import io.reflux.image.ImageShape;
import io.reflux.wire.Scale;
import io.reflux.wire.SettingsRecord;
import io.reflux.wire.Volume;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything about a feed but its images.
 *
 * @param in images taken since it began and their bytes
 * @param rejects dead-lettered records by reason
 * @param lag images on the topic that wait to be taken, of all feeds; absent while the broker does not say
 * @param sample images kept, a class
 * @param sampleTime when they were taken, so how old they are; absent without any
 * @param settings settled for the feed; absent before its first snapshot
 * @param current the round that is running or requested; absent when there is none
 * @param last how the last round ended; absent before the first
 * @param generation the current one; absent before the first
 */
public record FeedReport(
        String feed,
        Volume in,
        Map<String, Long> rejects,
        @Nullable Long lag,
        Map<String, Integer> sample,
        @Nullable SampleTime sampleTime,
        @Nullable Settings settings,
        @Nullable RoundReport current,
        @Nullable LastRound last,
        @Nullable GenerationReport generation) {
    /**
     * Settled settings.
     *
     * @param shape [C,H,W]; absent before it is settled
     * @param perClass images kept of each class
     * @param halfLifeMillis of an image's weight; 0: none
     * @param holdOut fraction held out
     */
    public record Settings(
            String epoch,
            @Nullable List<Integer> shape,
            List<String> classes,
            @Nullable Scale normalisation,
            int perClass,
            long halfLifeMillis,
            double holdOut) {
        static Settings of(SettingsRecord record) {
            ImageShape shape = record.shape();
            return new Settings(
                    record.epoch(),
                    shape == null ? null : List.of(shape.channels(), shape.height(), shape.width()),
                    record.classes(),
                    record.normalisation(),
                    record.perClass(),
                    record.halfLifeMillis(),
                    record.holdOut());
        }
    }

    /** @param lag of the images topic */
    static FeedReport of(String feed, FeedStatus status, OptionalLong lag) {
        return new FeedReport(
                feed,
                new Volume(status.images(), status.bytes()),
                status.rejects(),
                lag.isPresent() ? lag.getAsLong() : null,
                status.sample(),
                status.sampleTime().orElse(null),
                status.settings().map(Settings::of).orElse(null),
                RoundReport.of(status).orElse(null),
                status.rounds().lastEnd().map(LastRound::of).orElse(null),
                status.current()
                        .map(found -> GenerationReport.of(status, found))
                        .orElse(null));
    }
}
