package io.reflux.rounds;

import io.reflux.feeds.RoundTicket;
import io.reflux.kafka.Absence;
import io.reflux.reservoir.OwnershipListener;
import io.reflux.telemetry.LogFields;
import io.reflux.telemetry.Tracing;
import io.reflux.wire.Lineage;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the rounds of the feeds that this process owns, one at a time and all on one named thread: the core keeps its
 * gradient mode by thread, and a device does one thing at a time.
 */
final class RoundLoop implements OwnershipListener, RoundVoice, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RoundLoop.class);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration BEFORE_REOPENING = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(20);

    /** How long a stop waits for the running round; less than quarkus.shutdown.timeout. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private static final int ATTEMPTS = 3;

    private final RoundInbox inbox;
    private final Rounds rounds;
    private final Publisher publisher;
    private final OwnedFeeds feeds;
    private final RoundPolicy policy;
    private final RoundBench bench;
    private final Clock clock;
    private final Consumer<RoundEvent> observer;
    private final Tracing tracing;
    private final Set<Integer> unopened = ConcurrentHashMap.newKeySet();
    private final Set<Integer> held = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Long> shutOut = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::work, "reflux-engine");
    private final Map<String, Lineage> tidied = new HashMap<>();
    private final Housekeeper housekeeper;
    private volatile @Nullable RoundRun running;
    private volatile String engineObstacle = "is being loaded";

    /**
     * @param bench of the rounds, given the voice they speak with
     * @param observer hears every event of this process's rounds
     */
    RoundLoop(
            RoundInbox inbox,
            Rounds rounds,
            Publisher publisher,
            OwnedFeeds feeds,
            RoundPolicy policy,
            Function<RoundVoice, RoundBench> bench,
            Consumer<RoundEvent> observer,
            Tracing tracing) {
        this.tracing = tracing;
        this.inbox = inbox;
        this.rounds = rounds;
        this.publisher = publisher;
        this.feeds = feeds;
        this.policy = policy;
        this.bench = bench.apply(this);
        this.clock = this.bench.clock();
        this.observer = observer;
        this.housekeeper = new Housekeeper(inbox, feeds, publisher, this.bench.generations(), clock, observer);
    }

    void start() {
        thread.start();
        housekeeper.start();
    }

    /** Whether the thread is at work. */
    boolean isAlive() {
        return thread.isAlive() && housekeeper.isAlive();
    }

    /** What keeps the engine from computing; empty when nothing does. */
    String engineObstacle() {
        return engineObstacle;
    }

    /** Partitions whose producer could not be opened yet. */
    Set<Integer> unopened() {
        return Set.copyOf(unopened);
    }

    @Override
    public void assigned(int partition) {
        held.add(partition);
        open(partition);
        inbox.own(partition);
    }

    @Override
    public void restored(int partition) {
        LOG.debugf("the samples of partition %d are restored", partition);
    }

    @Override
    public void revoked(int partition) {
        held.remove(partition);
        unopened.remove(partition);
        inbox.disown(partition);
        feeds.forget(partition);
        RoundRun run = running;
        if (run != null && inbox.partitionOf(run.ticket().feed()) == partition) {
            run.stop("its feed goes to another process", true);
            // The group gives the partition away only after this, so that the next owner begins after the end here.
            awaitEnd(run);
        }
        publisher.shut(partition);
    }

    @Override
    public void announce(RoundEvent event) {
        note(event);
        for (int attempt = 1; attempt <= ATTEMPTS; ) {
            try {
                rounds.await(event);
                return;
            } catch (KafkaException | IllegalStateException e) {
                LOG.warnf("round %s of feed %s: %s", event.round(), event.feed(), e.getMessage());
                if (closing.getCount() == 0) {
                    return;
                }
                // A broker that is away is waited for: nothing could be published meanwhile either.
                attempt += Absence.isCauseOf(e) ? 0 : 1;
            }
        }
    }

    @Override
    public void mention(RoundEvent event) {
        note(event);
        rounds.tell(event);
    }

    @Override
    public boolean owns(String feed) {
        return held.contains(inbox.partitionOf(feed));
    }

    @Override
    public boolean cancelRequested(String feed, String round) {
        return inbox.log(feed).cancelRequested(round);
    }

    /** Stops the running round, whose checkpoint is saved, and the thread. */
    @Override
    public void close() {
        closing.countDown();
        RoundRun run = running;
        if (run != null) {
            run.stop("the process stops", true);
        }
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        housekeeper.close();
    }

    private void awaitEnd(RoundRun run) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (running == run
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    private void note(RoundEvent event) {
        inbox.log(event.feed()).take(event);
        observer.accept(event);
    }

    /** Here, because the engine keeps some of its state by thread; a round would find out too late. */
    private void load() {
        try {
            bench.engine().load();
            engineObstacle = "";
        } catch (RuntimeException | LinkageError e) {
            engineObstacle = "cannot be used: " + e.getMessage();
            LOG.errorf(e, "rounds will fail, the engine that computes them cannot be used");
        }
    }

    private void work() {
        load();
        while (closing.getCount() > 0) {
            Duration pause = TICK;
            try {
                step();
            } catch (RuntimeException e) {
                LOG.warnf("rounds cannot start for the moment: %s", e.getMessage());
                LOG.debug("rounds cannot start", e);
                pause = PAUSE;
            }
            pause(pause);
        }
    }

    private void step() {
        Set.copyOf(unopened).forEach(this::open);
        held.forEach(this::reopen);
        inbox.begun().forEach(this::abandoned);
        feeds.lineages().forEach(this::tidy);
        List<FeedState> states = feeds.states(clock.instant()).stream()
                .filter(state -> publisher.open().contains(inbox.partitionOf(state.feed())))
                .filter(state -> !withdrawn(state))
                .toList();
        Optional<RoundTicket> due = policy.due(states, clock.instant());
        if (due.isPresent()) {
            run(due.get());
        }
    }

    private void run(RoundTicket ticket) {
        RoundSpans spans =
                new RoundSpans(tracing.tracer(), ticket, inbox.originOf(ticket.id()), feeds.takeOrigins(ticket.feed()));
        RoundRun run = new RoundRun(ticket, bench, spans);
        running = run;
        try {
            spans.around(() -> follow(run, spans));
        } finally {
            running = null;
            NativeHeap.trim().ifPresent(said -> LOG.debugf("after the round: %s", said));
        }
    }

    private void follow(RoundRun run, RoundSpans spans) {
        RoundTicket ticket = run.ticket();
        try (LogFields fields = LogFields.of(ticket.feed()).round(ticket.id())) {
            if (closing.getCount() > 0) {
                Round end = run.run();
                spans.end(end);
                tell(ticket, end, fields);
            }
        }
    }

    private void tell(RoundTicket ticket, Round end, LogFields fields) {
        if (end instanceof Round.Published published) {
            feeds.published(published.manifest());
            fields.generation(published.manifest().generation());
        }
        LOG.infof("round %s of feed %s: %s", ticket.id(), ticket.feed(), end);
    }

    /** Removes trajectories and checkpoints that may have seen what a feed has been told to forget. */
    private void tidy(String feed, Lineage lineage) {
        if (lineage.equals(tidied.get(feed))) {
            return;
        }
        try (LogFields fields = LogFields.of(feed)) {
            if (bench.caches().forget(feed, lineage)) {
                LOG.infof("trajectories and checkpoints of feed %s are removed: it has been told to forget", feed);
            }
            tidied.put(feed, lineage);
        } catch (IOException e) {
            LOG.warnf("what feed %s has been told to forget is still on disk: %s", feed, e.getMessage());
        }
    }

    /** Ends a round whose owner is gone without a word; this thread has none begun when it comes here. */
    private void abandoned(String feed) {
        inbox.log(feed)
                .current()
                .ifPresent(event -> announce(RoundEvent.of(
                        Type.CANCELLED,
                        feed,
                        event.round(),
                        clock.instant(),
                        RoundDetail.cancelled("the process that ran it is gone", true, Map.of()))));
    }

    /** Ends a request that was taken back before its round began. */
    private boolean withdrawn(FeedState state) {
        RoundTicket request = state.request();
        if (request == null || !cancelRequested(state.feed(), request.id())) {
            return false;
        }
        announce(RoundEvent.of(
                Type.CANCELLED,
                state.feed(),
                request.id(),
                clock.instant(),
                RoundDetail.cancelled("somebody asked to stop it before it began", false, Map.of())));
        return true;
    }

    /** Whoever was fenced without having lost the partition goes on; the group is asked, but not over and over. */
    private void reopen(int partition) {
        if (publisher.open().contains(partition)) {
            shutOut.remove(partition);
        } else if (System.nanoTime() - shutOut.computeIfAbsent(partition, fenced -> System.nanoTime())
                > BEFORE_REOPENING.toNanos()) {
            shutOut.remove(partition);
            publisher.reopen(partition);
        }
    }

    private synchronized void open(int partition) {
        if (publisher.open().contains(partition)) {
            return;
        }
        try {
            publisher.open(partition);
            unopened.remove(partition);
        } catch (KafkaException e) {
            unopened.add(partition);
            LOG.warnf("nothing can be published to partition %d for the moment: %s", partition, e.getMessage());
        }
    }

    private void pause(Duration duration) {
        try {
            closing.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }
}
