package io.reflux.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.format.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The active time of a distillation over all its processes. It is saved just before each checkpoint, so a process that
 * is killed takes along the time of the work that is lost with it; a kill between the two costs the distillation that
 * time, and never gives it any.
 */
final class BudgetClock {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NANOS = 1e9;

    private final Path file;
    private final LongSupplier nanoTime;
    private State state;
    private long since;
    private boolean running;

    /**
     * What is saved.
     *
     * @param nanos of active time
     * @param expertNanos of these until the experts were trained, null before
     * @param budget in seconds that the distillation is working towards
     */
    record State(long nanos, @Nullable Long expertNanos, double budget) {}

    private BudgetClock(Path file, LongSupplier nanoTime, State state) {
        this.file = file;
        this.nanoTime = nanoTime;
        this.state = state;
    }

    /**
     * The clock as it was saved last, or at zero; it stands still.
     *
     * @param nanoTime what tells time, {@link System#nanoTime} but in tests
     */
    static BudgetClock open(Path file, LongSupplier nanoTime) throws IOException {
        State state = Files.exists(file) ? JSON.readValue(file.toFile(), State.class) : new State(0, null, 0);
        return new BudgetClock(file, nanoTime, state);
    }

    /** Whether a larger budget has led the distillation beyond this one, so that its set at that time is gone. */
    synchronized boolean beyond(double budget) {
        return state.budget() > budget && seconds() >= budget;
    }

    /** Sets the clock running towards a budget, in seconds. */
    synchronized void start(double budget) {
        state = new State(state.nanos(), state.expertNanos(), budget);
        since = nanoTime.getAsLong();
        running = true;
    }

    synchronized void stop() {
        save();
        running = false;
    }

    /** Active seconds. */
    synchronized double seconds() {
        tick();
        return state.nanos() / NANOS;
    }

    /** Active seconds until the experts were trained; all so far while they are not. */
    synchronized double expertSeconds() {
        tick();
        Long experts = state.expertNanos();
        return (experts == null ? state.nanos() : experts) / NANOS;
    }

    /** The experts are trained; only the first time counts. */
    synchronized void expertsDone() {
        tick();
        if (state.expertNanos() == null) {
            state = new State(state.nanos(), state.nanos(), state.budget());
        }
    }

    synchronized boolean spent() {
        return seconds() >= state.budget();
    }

    synchronized void save() {
        tick();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            AtomicFile.write(file, JSON.writeValueAsBytes(state));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tick() {
        if (running) {
            long now = nanoTime.getAsLong();
            state = new State(state.nanos() + now - since, state.expertNanos(), state.budget());
            since = now;
        }
    }
}
