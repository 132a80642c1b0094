package io.reflux.rounds;

import io.reflux.distill.Accuracy;
import io.reflux.distill.DistillationResult;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.EvaluationReport;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.StudentRecipe;
import io.reflux.image.ImageShape;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.wire.Manifest;
import io.reflux.wire.Recipe;
import io.reflux.wire.Shard;
import io.reflux.wire.Volume;
import io.reflux.wire.WhiteningShards;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Tiny distilled sets and manifests. */
final class Sets {
    private Sets() {}

    /** One 2×2 image of each class, all pixels of this value. */
    static DistilledSet filled(float value, String... classes) {
        int count = classes.length;
        float[] images = new float[count * 4];
        Arrays.fill(images, value);
        float[] labels = new float[count * count];
        for (int i = 0; i < count; i++) {
            labels[i * count + i] = 1;
        }
        return new DistilledSet(
                new ImageShape(1, 2, 2),
                List.of(classes),
                new ChannelNormalisation(new float[] {0.5f}, new float[] {0.25f}),
                images,
                labels,
                new StudentRecipe(0.02, 0.9, 5e-4, 10, 256, AugmentationFamily.all(), new NetworkSettings(8, 1)));
    }

    static EvaluationReport report(double distilled, double random) {
        return new EvaluationReport(
                new Accuracy(distilled, 0.01, 3), new Accuracy(random, 0.05, 5), new Accuracy(0.9, 0.01, 3));
    }

    static DistillationResult result(DistilledSet set, double distilled, double random) {
        return new DistillationResult(set, report(distilled, random), 0.5, Map.of());
    }

    static Manifest manifest(String feed, long generation, DistilledSet set, List<Shard> shards) {
        return new Manifest(
                Manifest.FORMAT,
                feed,
                generation,
                "round-" + generation,
                Instant.parse("2026-03-01T12:00:00Z"),
                set.classes(),
                List.of(
                        set.shape().channels(),
                        set.shape().height(),
                        set.shape().width()),
                WhiteningShards.scale(set.normalisation(), WhiteningShards.split(feed, set.normalisation())),
                1,
                Recipe.of(set.recipe()),
                report(0.8, 0.5),
                0.5,
                new Volume(100, 10_000),
                new TreeMap<>(Map.of("a", 10)),
                new Volume(set.size(), 100),
                new TreeMap<>(Map.of(0, 100L)),
                1,
                new TreeMap<>(),
                "test",
                shards.stream().map(Shard::entry).toList(),
                null);
    }

    /** A generation that keeps this many on the topic, given those that stand there. */
    static Publication publication(String feed, long generation, DistilledSet set, List<Manifest> live, int keep) {
        List<Shard> shards = Shard.split(feed, generation, set);
        List<WhiteningShards.Piece> whitening = WhiteningShards.split(feed, set.normalisation());
        return Publication.of(manifest(feed, generation, set, shards), shards, whitening, live, Set.of(), keep);
    }
}
