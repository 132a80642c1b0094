package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.rounds.RoundEvents;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Follows how far a feed's round is in its iterations. */
final class RoundWatch implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RoundEvents events;
    private final List<Iteration> iterations = new ArrayList<>();

    /**
     * A moment of the round.
     *
     * @param seconds since the epoch, as the service tells them
     * @param done iterations
     */
    record Iteration(double seconds, long done) {}

    RoundWatch(IngestCluster cluster, String feed) {
        this.events = RoundEvents.all(cluster.client(), cluster.topics(), feed);
    }

    /** Waits until the round iterates. */
    void awaitIterations(ServiceChild service) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (iterations.isEmpty()) {
            service.requireAlive();
            if (System.nanoTime() > deadline) {
                throw CommandException.failure("the round does not come to its iterations within "
                        + PATIENCE.toSeconds() + " s: " + service.lastLines());
            }
            poll();
        }
    }

    /** Seconds an iteration from now on for so long. */
    double secondsAnIteration(double seconds) {
        poll();
        iterations.clear();
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < deadline) {
            poll();
        }
        if (iterations.size() < 2) {
            throw CommandException.failure(
                    "the round says nothing of its iterations in " + seconds + " s; measure longer by --seconds");
        }
        Iteration first = iterations.get(0);
        Iteration last = iterations.get(iterations.size() - 1);
        return (last.seconds() - first.seconds()) / (last.done() - first.done());
    }

    private void poll() {
        events.poll().forEach(this::note);
    }

    private void note(RoundEvent event) {
        if (event.type().ends()) {
            throw CommandException.failure(
                    "the round ended while it was measured: " + event.type().text() + ", "
                            + Objects.requireNonNullElse(event.detail().reason(), "no reason was given"));
        }
        Long done = event.detail().done();
        if (event.type() == Type.PROGRESS
                && RoundDetail.DISTILLING.equals(event.detail().stage())
                && done != null
                && done > 0) {
            iterations.add(new Iteration(event.time().toEpochMilli() / 1e3, done));
        }
    }

    @Override
    public void close() {
        events.close();
    }
}
