package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.rounds.Generation;
import io.reflux.rounds.GenerationReader;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.TopicNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A generation is visible whole or not at all, whoever is killed or stands still in the middle of its transaction. */
final class PublicationIT {
    private static final String FEED = "only";
    private static final Duration BOUND = Duration.ofSeconds(90);

    /** Bytes a second, of which a publication has thousands: seconds between its records and its end. */
    private static final double SLOW = 400;

    @RegisterExtension
    static final Laboratory LABORATORY = new Laboratory();

    @Test
    void showsGenerationsWholeAndPublishesNothingOfAZombie() throws Exception {
        BrokerProcess broker = LABORATORY.broker();
        broker.start();
        broker.awaitServing();
        Installation installation = new Installation(broker, "whole.", List.of(FEED));
        Map<String, String> properties = installation.properties(Installation.rounds(20));
        ServiceProcess former = LABORATORY.service("former", properties);
        ServiceProcess next = LABORATORY.service("next", properties);
        former.start();
        former.awaitReady();
        installation.send(2_000);
        await("the API knows the feed")
                .atMost(BOUND)
                .until(() -> former.feed(FEED).at("/in/images").asLong() > 1_000);
        try (Reading reading = new Reading(broker, installation)) {
            awaitFinished(installation, former.requestRound(FEED));

            // killed inside the transaction
            slowDown(broker, installation, SLOW);
            String second = former.requestRound(FEED);
            awaitUncommitted(broker, installation, 2);
            former.kill();
            assertThat(reading.current())
                    .as("current generation after the kill")
                    .isEqualTo(1);
            slowDown(broker, installation, null);
            former.start();
            awaitFinished(installation, second);
            assertThat(reading.current()).isEqualTo(2);

            // standing still inside the transaction until another process has taken over
            former.awaitReady();
            slowDown(broker, installation, SLOW);
            String third = former.requestRound(FEED);
            awaitUncommitted(broker, installation, 3);
            former.pause();
            slowDown(broker, installation, null);
            next.start();
            RoundEvent end = awaitFinished(installation, third);
            assertThat(reading.current()).isEqualTo(3);
            former.resume();
            await("the zombie hears that it is one").atMost(BOUND).until(() -> former.said()
                    .contains("round " + third + " of feed " + FEED + ": stopped: "));
            assertThat(transactions(former, "committed"))
                    .as("of the zombie, since its second start")
                    .isEqualTo(1);
            assertThat(transactions(former, "fenced") + transactions(former, "aborted"))
                    .as("of the zombie, that ended so")
                    .isPositive();
            assertThat(transactions(next, "committed")).isEqualTo(1);
            assertThat(end.detail().generation()).isEqualTo(3);
            assertThat(manifests(broker, installation, 3))
                    .as("manifests of generation 3 that were ever committed")
                    .isEqualTo(1);
            assertThat(manifests(broker, installation, 4)).isZero();
            assertThat(reading.current()).isEqualTo(3);
        }
    }

    /** A reader that assembles the current generation over and over, and must never fail or see an older one. */
    private static final class Reading implements AutoCloseable {
        private final GenerationReader reader;
        private final List<Long> seen = new CopyOnWriteArrayList<>();
        private final Thread thread = new Thread(this::read, "reading");
        private volatile boolean closed;
        private volatile Throwable problem;

        Reading(BrokerProcess broker, Installation installation) {
            reader = new GenerationReader(broker.bootstrapServers(), installation.topics(), broker.client());
            thread.start();
        }

        long current() {
            return reader.current(FEED).map(Generation::manifest).orElseThrow().generation();
        }

        @Override
        public void close() {
            closed = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(problem).as("what a reader met").isNull();
            assertThat(seen).as("generations read").isSorted().contains(1L, 2L, 3L);
        }

        private void read() {
            try {
                while (!closed) {
                    Optional<Generation> found = reader.current(FEED);
                    found.ifPresent(generation -> seen.add(generation.manifest().generation()));
                }
            } catch (RuntimeException e) {
                problem = e;
            }
        }
    }

    private static double transactions(ServiceProcess service, String outcome) {
        return service.metric("reflux_transactions_total", "outcome=\"" + outcome + "\"");
    }

    private static RoundEvent awaitFinished(Installation installation, String round) {
        RoundEvent end = installation.awaitEvent(
                "round " + round + " ends",
                FEED,
                event -> event.round().equals(round)
                        && event.type().ends()
                        && !Boolean.TRUE.equals(event.detail().resumes()));
        assertThat(end.type()).as("%s", end.detail()).isEqualTo(RoundEvent.Type.FINISHED);
        return end;
    }

    /** The records of a generation are on the topic, and none of them is committed. */
    private static void awaitUncommitted(BrokerProcess broker, Installation installation, long generation) {
        TopicReader all = TopicReader.uncommitted(broker);
        await("records of generation " + generation + " stand on the topic")
                .atMost(BOUND)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> all.all(installation.topics().distilled()).stream()
                        .anyMatch(record -> record.key().startsWith(FEED + "/" + generation)));
        assertThat(TopicReader.committed(broker).compacted(installation.topics().distilled()))
                .as("committed records")
                .doesNotContainKey(FEED + "/" + generation);
    }

    private static long manifests(BrokerProcess broker, Installation installation, long generation) {
        return TopicReader.committed(broker).all(installation.topics().distilled()).stream()
                .filter(record -> record.key().equals(FEED + "/" + generation))
                .count();
    }

    /** A quota of the broker keeps the producer waiting between its records and the end of its transaction. */
    private static void slowDown(BrokerProcess broker, Installation installation, Double bytesPerSecond)
            throws Exception {
        String producer = "producer-reflux-" + installation.topics().reservoir() + "-"
                + TopicNames.partitionOf(FEED, Installation.PARTITIONS);
        ClientQuotaEntity entity = new ClientQuotaEntity(new HashMap<>(Map.of(ClientQuotaEntity.CLIENT_ID, producer)));
        try (Admin admin = Admin.create(broker.client())) {
            admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                            entity, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", bytesPerSecond)))))
                    .all()
                    .get();
        }
    }
}
