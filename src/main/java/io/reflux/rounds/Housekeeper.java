package io.reflux.rounds;

import io.reflux.feeds.FeedStatus;
import io.reflux.telemetry.LogFields;
import io.reflux.wire.Key;
import io.reflux.wire.Pin;
import io.reflux.wire.Pointer;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.TopicNames;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Does what is asked of the published generations of the feeds that this process owns: pins and unpins them, moves the
 * pointer to another one, and takes away those of a deleted feed. Each in one transaction with the event that answers,
 * so that it happens once and a former owner can do nothing. Works beside a running round, on its own thread.
 */
final class Housekeeper implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Housekeeper.class);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RoundInbox inbox;
    private final OwnedFeeds feeds;
    private final Publisher publisher;
    private final GenerationReader generations;
    private final TopicNames topics;
    private final Clock clock;
    private final Consumer<RoundEvent> observer;
    private final Map<String, String> cleared = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::work, "reflux-housekeeper");

    /** @param observer hears of every change of a pointer */
    Housekeeper(
            RoundInbox inbox,
            OwnedFeeds feeds,
            Publisher publisher,
            GenerationReader generations,
            Clock clock,
            Consumer<RoundEvent> observer) {
        this.inbox = inbox;
        this.feeds = feeds;
        this.publisher = publisher;
        this.generations = generations;
        this.topics = publisher.topics();
        this.clock = clock;
        this.observer = observer;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        while (closing.getCount() > 0) {
            try {
                step();
            } catch (RuntimeException e) {
                LOG.warnf("generations cannot be arranged for the moment: %s", e.getMessage());
                LOG.debug("generations cannot be arranged", e);
            }
            try {
                closing.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void step() {
        inbox.orders().stream().filter(order -> isOpen(order.feed())).forEach(this::settle);
        feeds.deleted().stream()
                .filter(reset -> isOpen(reset.key().feed()))
                .filter(reset ->
                        !reset.incarnation().equals(cleared.get(reset.key().feed())))
                .forEach(this::clear);
    }

    private boolean isOpen(String feed) {
        return publisher.open().contains(inbox.partitionOf(feed));
    }

    private void settle(RoundEvent order) {
        publisher.alone(() -> answered(order)).ifPresent(answer -> {
            inbox.log(order.feed()).take(answer);
            if (answer.type() == Type.ROLLED_BACK) {
                feeds.forget(order.feed());
                observer.accept(answer);
            }
            tell(order, answer);
        });
    }

    private static void tell(RoundEvent order, RoundEvent answer) {
        Long generation = order.detail().generation();
        try (LogFields fields = LogFields.of(order.feed())) {
            if (generation != null) {
                fields.generation(generation);
            }
            LOG.infof(
                    "%s of feed %s, generation %s: %s",
                    order.type().text(), order.feed(), generation, answer.type().text());
        }
    }

    /** The answer that has been written; none when another process owns the feed by now. */
    private Optional<RoundEvent> answered(RoundEvent order) {
        List<Publisher.Entry> entries = new ArrayList<>();
        RoundEvent answer = decide(order, generations.standing(order.feed()), entries);
        entries.add(new Publisher.Entry(topics.rounds(), answer.key(), answer.toBytes()));
        return publisher.transact(order.feed(), entries).isEmpty() ? Optional.of(answer) : Optional.empty();
    }

    /** What is to be written, and the event that says so. */
    private RoundEvent decide(RoundEvent order, Standing standing, List<Publisher.Entry> entries) {
        Long asked = order.detail().generation();
        if (asked == null || !standing.manifests().containsKey(asked)) {
            return declined(
                    order,
                    "feed '" + order.feed() + "' has no generation " + asked + "; it has "
                            + standing.manifests().keySet());
        }
        Key pin = Pin.key(order.feed(), asked);
        return switch (order.type()) {
            case PIN_REQUESTED -> {
                entries.add(
                        entry(pin, Pin.of(order.feed(), asked, clock.instant()).toBytes()));
                yield answer(order, Type.PINNED);
            }
            case UNPIN_REQUESTED -> {
                entries.add(new Publisher.Entry(topics.distilled(), pin, null));
                yield answer(order, Type.UNPINNED);
            }
            default -> rollBack(order, asked, standing, entries);
        };
    }

    private RoundEvent rollBack(RoundEvent order, long asked, Standing standing, List<Publisher.Entry> entries) {
        if (standing.current().filter(number -> number == asked).isPresent()) {
            return declined(order, "generation " + asked + " is the current one already");
        }
        FeedStatus.Published target =
                Objects.requireNonNull(standing.manifests().get(asked));
        Pointer pointer = Pointer.at(target.manifest(), target.document());
        try {
            generations.assemble(pointer);
        } catch (GenerationException e) {
            return declined(order, String.valueOf(e.getMessage()));
        }
        entries.add(entry(pointer.key(), pointer.toBytes()));
        return answer(order, Type.ROLLED_BACK);
    }

    /** Takes generations and rounds of a deleted feed away; what came after the deletion stays. */
    private void clear(ResetRecord reset) {
        String feed = reset.key().feed();
        if (publisher.alone(() -> isCleared(feed, reset))) {
            cleared.put(feed, reset.incarnation());
            feeds.forget(feed);
        }
    }

    private boolean isCleared(String feed, ResetRecord reset) {
        List<Publisher.Entry> entries = new ArrayList<>();
        generations
                .standing(feed)
                .ofOtherIncarnations(reset.incarnation())
                .forEach(key -> entries.add(new Publisher.Entry(topics.distilled(), key, null)));
        boolean hasOldRounds = inbox.log(feed)
                .latest()
                .filter(event -> event.time().isBefore(reset.time()))
                .isPresent();
        if (hasOldRounds) {
            entries.add(new Publisher.Entry(topics.rounds(), Key.of(feed), null));
        }
        return entries.isEmpty() || publisher.transact(feed, entries).isEmpty();
    }

    private Publisher.Entry entry(Key key, byte[] value) {
        return new Publisher.Entry(topics.distilled(), key, value);
    }

    private RoundEvent answer(RoundEvent order, Type type) {
        return new RoundEvent(
                order.id() + "-answer", type, order.feed(), order.round(), clock.instant(), order.detail());
    }

    private RoundEvent declined(RoundEvent order, String why) {
        Long asked = order.detail().generation();
        return new RoundEvent(
                order.id() + "-answer",
                Type.DECLINED,
                order.feed(),
                order.round(),
                clock.instant(),
                RoundDetail.declined(asked == null ? 0 : asked, why));
    }
}
