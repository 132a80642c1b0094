package io.reflux.rounds;

import io.reflux.distill.DistillationResult;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.DistilledSet;
import io.reflux.feeds.RoundTicket;
import io.reflux.reservoir.SampleSnapshot;
import io.reflux.wire.Lineage;
import io.reflux.wire.Manifest;
import io.reflux.wire.Recipe;
import io.reflux.wire.Shard;
import io.reflux.wire.Volume;
import io.reflux.wire.WhiteningShards;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a round has come to, ready to be published.
 *
 * @param ticket of the round
 * @param snapshot it distilled
 * @param settings it distilled by
 * @param result of the core
 * @param version of Reflux
 */
record Distillate(
        RoundTicket ticket,
        SampleSnapshot snapshot,
        DistillationSettings settings,
        DistillationResult result,
        String version) {
    /**
     * The transaction that publishes it.
     *
     * @param standing what is on the topic now
     * @param keep generations that stay
     */
    Publication publication(Instant now, Standing standing, int keep) {
        long generation = standing.next();
        List<Shard> shards = Shard.split(ticket.feed(), generation, result.set());
        List<WhiteningShards.Piece> whitening =
                WhiteningShards.split(ticket.feed(), result.set().normalisation());
        return Publication.of(
                manifest(generation, now, shards, whitening),
                shards,
                whitening,
                standing.live(),
                standing.pinned(),
                keep);
    }

    private Manifest manifest(long generation, Instant now, List<Shard> shards, List<WhiteningShards.Piece> whitening) {
        DistilledSet set = result.set();
        long bytes = shards.stream().mapToLong(shard -> shard.value().length).sum()
                + whitening.stream().mapToLong(piece -> piece.value().length).sum();
        return new Manifest(
                Manifest.FORMAT,
                ticket.feed(),
                generation,
                ticket.id(),
                now,
                set.classes(),
                List.of(
                        set.shape().channels(),
                        set.shape().height(),
                        set.shape().width()),
                WhiteningShards.scale(set.normalisation(), whitening),
                settings.imagesPerClass(),
                Recipe.of(set.recipe()),
                result.report(),
                result.loss(),
                new Volume(snapshot.images(), snapshot.bytes()),
                perClass(),
                new Volume(set.size(), bytes),
                new TreeMap<>(snapshot.offsets()),
                settings.seed(),
                Origins.configuration(snapshot, settings),
                version,
                shards.stream().map(Shard::entry).toList(),
                snapshot.lineage().equals(Lineage.NONE) ? null : snapshot.lineage());
    }

    private SortedMap<String, Integer> perClass() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (int k = 0; k < snapshot.classes().size(); k++) {
            counts.put(snapshot.classes().get(k), snapshot.sample().indicesOf(k).length);
        }
        return counts;
    }
}
