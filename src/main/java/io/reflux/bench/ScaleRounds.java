package io.reflux.bench;

import io.reflux.feeds.RoundTicket;
import io.reflux.rounds.FeedState;
import io.reflux.rounds.RoundPolicy;
import io.reflux.wire.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of every feed on the devices of every replica: the real policy under a clock of its own. A feed's owner is
 * the replica that has the partition of its hash, and runs one round at a time.
 *
 * @param feeds of equal rate
 * @param rate images per second of one feed
 * @param seconds a round takes
 */
record ScaleRounds(
        int feeds, double rate, int replicas, int partitions, double seconds, RoundPolicy policy, int perClass) {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /**
     * What became of the rounds.
     *
     * @param finished all of them
     * @param starved feeds that had none though one was due
     * @param gaps seconds between a feed's rounds, sorted
     * @param busy fraction of the devices' time that rounds took
     * @param mostFeeds feeds of the replica that owns most
     */
    record Outcome(long finished, int starved, double[] gaps, double busy, int mostFeeds) {
        /** The gap that this fraction of the gaps does not exceed; NaN where no feed had two rounds. */
        double gap(double fraction) {
            return gaps.length == 0 ? Double.NaN : gaps[(int) Math.min(gaps.length - 1, fraction * gaps.length)];
        }
    }

    private static final class Feed {
        private final String name;
        private @Nullable Instant last;
        private long imagesAtLast;

        private Feed(String name) {
            this.name = name;
        }
    }

    /** Runs rounds for this many seconds. */
    Outcome run(double horizon) {
        List<List<Feed>> owners = owners();
        List<Double> gaps = new ArrayList<>();
        long finished = 0;
        double busy = 0;
        for (List<Feed> owned : owners) {
            double now = 0;
            while (now < horizon) {
                Optional<RoundTicket> due = policy.due(states(owned, now), at(now));
                if (due.isEmpty()) {
                    now = Math.max(now + 1e-3, nextCount(owned, now));
                    continue;
                }
                if (now + seconds > horizon) {
                    break;
                }
                Feed feed = feed(owned, due.get().feed());
                feed.imagesAtLast = (long) (now * rate);
                now += seconds;
                if (feed.last != null) {
                    gaps.add(Duration.between(feed.last, at(now)).toMillis() / 1e3);
                }
                feed.last = at(now);
                finished++;
                busy += seconds;
            }
        }
        long starved = owners.stream()
                .flatMap(List::stream)
                .filter(feed -> feed.last == null)
                .count();
        return new Outcome(
                finished,
                (int) starved,
                gaps.stream().mapToDouble(Double::doubleValue).sorted().toArray(),
                busy / horizon / replicas,
                owners.stream().mapToInt(List::size).max().orElse(0));
    }

    /** Rounds an hour that counts make due, if devices were free at once. */
    double duePerHour() {
        return policy.everyImages() == 0 ? 0 : feeds * rate * 3600 / policy.everyImages();
    }

    /** Rounds an hour that the devices can run. */
    double capacityPerHour() {
        return replicas * 3600 / seconds;
    }

    private List<List<Feed>> owners() {
        List<List<Feed>> owners = IntStream.range(0, replicas)
                .<List<Feed>>mapToObj(replica -> new ArrayList<>())
                .toList();
        for (int i = 0; i < feeds; i++) {
            String name = "feed-" + i;
            owners.get(TopicNames.partitionOf(name, partitions) % replicas).add(new Feed(name));
        }
        return owners;
    }

    private List<FeedState> states(List<Feed> owned, double now) {
        Map<String, Integer> sample = Map.of("a", perClass, "b", perClass);
        long images = (long) (now * rate);
        return owned.stream()
                .map(feed -> new FeedState(
                        feed.name,
                        true,
                        images,
                        feed.imagesAtLast,
                        feed.last == null ? START : feed.last,
                        null,
                        sample,
                        null))
                .toList();
    }

    /** When the next feed has seen enough images. */
    private double nextCount(List<Feed> owned, double now) {
        long fewest = owned.stream().mapToLong(feed -> feed.imagesAtLast).min().orElse(Long.MAX_VALUE / 2);
        double next = (fewest + policy.everyImages()) / rate;
        return policy.everyImages() == 0 ? Double.POSITIVE_INFINITY : Math.max(now, next + 1e-6);
    }

    private static Feed feed(List<Feed> owned, String name) {
        return owned.stream().filter(feed -> feed.name.equals(name)).findFirst().orElseThrow();
    }

    private static Instant at(double seconds) {
        return START.plusNanos(Math.round(seconds * 1e9));
    }
}
