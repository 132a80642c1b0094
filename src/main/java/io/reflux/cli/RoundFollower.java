package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.console.Meter;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.rounds.RoundEvents;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.TopicNames;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Follows one round on the rounds topic, as anybody outside can, and shows how far it is. */
final class RoundFollower implements AutoCloseable {
    private static final Map<String, String> UNITS =
            Map.of("training-experts", "epochs", "distilling", "iterations", "evaluating", "students");

    private final RoundEvents events;
    private final Terminal terminal;
    private String stage = "";
    private Meter meter = Meter.SILENT;

    /** Listens from here on, so that a round requested later is seen from its beginning. */
    RoundFollower(Map<String, Object> client, TopicNames topics, String feed, Terminal terminal) {
        this.events = RoundEvents.fromNow(client, topics, feed);
        this.terminal = terminal;
    }

    /**
     * Waits until the round is over.
     *
     * @param patience how long nothing may be heard of it
     * @return the event that ended it
     * @throws CommandException when it was refused, cancelled or failed, saying why, or nothing was heard of it
     */
    RoundEvent await(String round, Duration patience) {
        long heard = System.nanoTime();
        while (System.nanoTime() - heard < patience.toNanos()) {
            for (RoundEvent event : events.poll()) {
                if (event.round().equals(round)) {
                    heard = System.nanoTime();
                    show(event);
                    if (event.type().ends()) {
                        return finished(event);
                    }
                }
            }
        }
        throw CommandException.failure("nothing was heard of the round for " + patience.toSeconds()
                + " s; try again with --stacktrace, which shows the service's log");
    }

    /** Partitions of the topics partitioned by feed. */
    int partitions() {
        return events.partitions();
    }

    /**
     * Waits for the answer to what was asked of a generation.
     *
     * @throws CommandException when there is none in time
     */
    RoundEvent answer(String request, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            for (RoundEvent event : events.poll()) {
                if (event.round().equals(request) && event.type().answers()) {
                    return event;
                }
            }
        }
        throw CommandException.failure("the owner of the feed did not answer within " + patience.toSeconds()
                + " s; it does when it is there ('reflux serve' runs one)");
    }

    private void show(RoundEvent event) {
        String now = event.detail().stage();
        Long total = event.detail().total();
        if (event.type() != Type.PROGRESS || now == null || total == null || total == 0) {
            return;
        }
        if (!stage.equals(now)) {
            meter.close();
            stage = now;
            meter = terminal.meter(now.replace('-', ' '), UNITS.getOrDefault(now, "steps"), total);
        }
        Double loss = event.detail().loss();
        long done = Objects.requireNonNullElse(event.detail().done(), 0L);
        meter.at(done, loss == null ? "" : "loss " + Table.decimal(loss, 4));
        if (done == total) {
            meter.close();
            meter = Meter.SILENT;
        }
    }

    private static RoundEvent finished(RoundEvent event) {
        if (event.type() != Type.FINISHED) {
            throw CommandException.failure("the round was " + event.type().text() + ": "
                    + Objects.requireNonNullElse(event.detail().reason(), "no reason was given"));
        }
        return event;
    }

    @Override
    public void close() {
        meter.close();
        events.close();
    }
}
