package io.reflux.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.reflux.feeds.FeedStatus;
import io.reflux.kafka.KafkaConnection;
import io.reflux.rounds.Generation;
import io.reflux.rounds.GenerationReader;
import io.reflux.wire.Sha256;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Published generations, read from their topic when they are asked for. The last ones asked for stay in memory, because a
 * page that shows a set asks for each of its images.
 */
@Singleton
final class Generations {
    private static final long MOST_BYTES = 256L << 20;
    private static final String CURRENT = "current";
    private final KnownFeeds feeds;
    private final GenerationReader reader;
    private final Cache<String, Generation> cache = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((String digest, Generation generation) -> (int) Math.min(Integer.MAX_VALUE, generation.bytes()))
            .build();

    @Inject
    Generations(KnownFeeds feeds, KafkaConnection kafka) {
        this.feeds = feeds;
        this.reader = new GenerationReader(kafka.bootstrapServers(), kafka.names(), kafka.clientProperties());
    }

    /**
     * The manifest of a generation.
     *
     * @param name its number, or {@code current}
     * @throws ProblemException when there is none such
     */
    FeedStatus.Published published(String feed, String name) {
        FeedStatus status = feeds.status(feed);
        if (name.equals(CURRENT)) {
            return status.current().orElseThrow(() -> ProblemException.noGeneration(feed));
        }
        return status.published(number(feed, name)).orElseThrow(() -> ProblemException.unknownGeneration(feed, name));
    }

    /**
     * The whole generation.
     *
     * @throws ProblemException when it is gone
     */
    Generation whole(String feed, FeedStatus.Published published) {
        String digest = digest(published);
        Generation known = cache.getIfPresent(digest);
        if (known != null) {
            return known;
        }
        long number = published.manifest().generation();
        Generation read = reader.generation(feed, number)
                .orElseThrow(() -> ProblemException.unknownGeneration(feed, Long.toString(number)));
        cache.put(Sha256.hex(read.document()), read);
        return read;
    }

    /** SHA-256 of the manifest, which names the content of the generation. */
    static String digest(FeedStatus.Published published) {
        return Sha256.hex(published.document());
    }

    private static long number(String feed, String name) {
        try {
            return Long.parseLong(name);
        } catch (NumberFormatException e) {
            throw ProblemException.unknownGeneration(feed, name);
        }
    }
}
