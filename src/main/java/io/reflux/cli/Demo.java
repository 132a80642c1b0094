package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.console.ImageEncoding;
import io.reflux.console.Meter;
import io.reflux.console.StageMeters;
import io.reflux.console.Terminal;
import io.reflux.distill.Evaluation;
import io.reflux.distill.EvaluationReport;
import io.reflux.distill.EvaluationSettings;
import io.reflux.image.ImageSet;
import io.reflux.nn.Compute;
import io.reflux.rounds.Generation;
import io.reflux.rounds.GenerationReader;
import io.reflux.rounds.Rounds;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.TopicNames;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The whole way through a running service, from outside: images in, a round, the set out, students trained on it.
 *
 * @param client properties of Kafka clients, with {@code bootstrap.servers}
 * @param topics the service's topics
 * @param partitions of the topics partitioned by feed
 * @param feed to send to
 * @param owned images of the feed that the owner of its sample has counted
 */
record Demo(Map<String, Object> client, TopicNames topics, int partitions, String feed, LongSupplier owned) {
    private static final Duration SILENCE = Duration.ofMinutes(10);
    private static final Duration PUBLICATION = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(20);

    /** What came of it. */
    record Outcome(Sent sent, Generation generation, EvaluationReport report, ImageSet sample) {}

    /**
     * Goes the whole way.
     *
     * @param images to send, and the passage that names them
     * @param test images of the same classes to judge by
     * @param judgement how students are trained
     * @param compute where they are
     * @throws CommandException when the service does not do its part
     */
    Outcome run(
            ImageSet images,
            Passage passage,
            ImageSet test,
            EvaluationSettings judgement,
            long seed,
            Compute compute,
            Stopwatch watch,
            Terminal terminal)
            throws Exception {
        try (SampleView view = new SampleView(client, topics, feed)) {
            Sent sent = watch.time("sending", () -> send(images, passage, terminal));
            watch.time("collecting", () -> collect(view, sent, terminal));
            RoundEvent end = watch.time("round", () -> round(terminal));
            noteStages(end, watch);
            GenerationReader reader = new GenerationReader(bootstrap(), topics, client);
            Generation generation = watch.time("consuming", () -> reader.await(feed, number(end), PUBLICATION));
            ImageSet sample =
                    view.sampleOf(generation.manifest(), generation.set().shape());
            ImageSet judges = ClassOrder.of(test, generation.set().classes());
            EvaluationReport report = watch.time("judging", () -> {
                try (StageMeters meters = new StageMeters(terminal, () -> false)) {
                    return new Evaluation(judgement, seed, compute).evaluate(generation.set(), sample, judges, meters);
                }
            });
            return new Outcome(sent, generation, report, sample);
        }
    }

    private Sent send(ImageSet images, Passage passage, Terminal terminal) {
        try (ImageSender sender = new ImageSender(client, topics, feed, ImageEncoding.RAW, Double.POSITIVE_INFINITY);
                Meter meter = terminal.meter("sending", "images", images.size())) {
            return sender.send(images, passage, meter);
        }
    }

    private Sent collect(SampleView view, Sent sent, Terminal terminal) {
        try (Meter meter = terminal.meter("collecting", "images", sent.images())) {
            view.awaitImages(sent.images(), meter);
        }
        awaitOwner(view.counted());
        return sent;
    }

    /** The owner reads the same topic as the view; a round that began before it had read all would miss some. */
    private void awaitOwner(long images) {
        long deadline = System.nanoTime() + PUBLICATION.toNanos();
        while (owned.getAsLong() < images) {
            if (System.nanoTime() > deadline) {
                throw CommandException.failure("the owner of the sample has taken " + owned.getAsLong() + " of "
                        + images + " images and no more for " + PUBLICATION.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private RoundEvent round(Terminal terminal) {
        try (Rounds rounds = new Rounds(client, topics, partitions);
                RoundFollower follower = new RoundFollower(client, topics, feed, terminal)) {
            return follower.await(rounds.request(feed).round(), SILENCE);
        }
    }

    private static void noteStages(RoundEvent end, Stopwatch watch) {
        Objects.requireNonNullElse(end.detail().seconds(), Map.<String, Double>of())
                .forEach((stage, seconds) -> watch.note(Stopwatch.PART + stage, seconds));
    }

    private static long number(RoundEvent end) {
        Long generation = end.detail().generation();
        return generation == null ? 1 : generation;
    }

    private String bootstrap() {
        return String.valueOf(client.get("bootstrap.servers"));
    }
}
