package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.Meter;
import io.reflux.console.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Sends images at a steady rate to a service whose rounds follow each other, and looks at its process now and then. */
final class SoakRun {
    private static final double EVERY_SECONDS = 2;

    private final ServiceChild service;
    private final Replay replay;
    private final ProgressWatch watch;
    private final RoundEnds rounds;
    private final Terminal terminal;

    SoakRun(ServiceChild service, Replay replay, ProgressWatch watch, RoundEnds rounds, Terminal terminal) {
        this.service = service;
        this.replay = replay;
        this.watch = watch;
        this.rounds = rounds;
        this.terminal = terminal;
    }

    /** Images a second of a backlog, the first half of which is not timed. */
    double peak(int images) {
        long before = watch.done();
        replay.flood(images, Meter.SILENT);
        Passing start = watch.await(before + images / 2, service, Meter.SILENT);
        return watch.await(before + images, service, Meter.SILENT).rateSince(start);
    }

    /**
     * Soaks, and then waits until every image that was sent is done.
     *
     * @throws CommandException when the service ends, a round fails, or an image is never done
     */
    List<SoakSample> soak(double rate, double seconds) {
        List<SoakSample> samples = new ArrayList<>();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> replay.steadily(rate, seconds));
        long started = System.nanoTime();
        try (Meter meter = terminal.meter("soaking", "seconds", (long) seconds)) {
            while (!sending.isDone()) {
                LockSupport.parkNanos((long) (EVERY_SECONDS * 1e9));
                service.requireAlive();
                rounds.look();
                samples.add(sample((System.nanoTime() - started) / 1e9));
                meter.at((long) samples.get(samples.size() - 1).seconds(), rounds.count() + " rounds");
            }
        }
        Completion.of(sending);
        watch.await(replay.sent(), service, Meter.SILENT);
        if (watch.done() != replay.sent()) {
            throw CommandException.failure(
                    "the service has counted " + watch.done() + " images of " + replay.sent() + " that were sent");
        }
        return samples;
    }

    private SoakSample sample(double seconds) {
        return new SoakSample(
                seconds,
                told(service.status().megabytes()),
                told(service.status().threads()),
                Math.max(0, replay.acknowledged() - watch.done()));
    }

    private static double told(OptionalDouble value) {
        return value.orElseThrow(() -> CommandException.failure(
                "a soak reads memory and threads from /proc, which this system does not have"));
    }
}
