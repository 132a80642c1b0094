package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.faults.ServiceProcess.Health;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bad records that cannot be dead-lettered hold the stream up, visibly and measurably; none is dropped. */
final class DeadLetterIT {
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final int RECORDS = 3_000;
    private static final String LAG = "reflux_lag_images";
    private static final String UNACKNOWLEDGED = "reflux_unacknowledged_seconds";

    @RegisterExtension
    static final Laboratory LABORATORY = new Laboratory(
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found=true");

    @Test
    void holdsTheStreamUpWhileDeadLettersAreMissingOrForbidden() throws Exception {
        BrokerProcess broker = LABORATORY.broker();
        broker.start();
        broker.awaitServing();
        Installation missing = new Installation(broker, "missing.", List.of("steady", "fading"));
        Installation forbidden = new Installation(broker, "forbidden.", List.of("steady", "fading"));
        ServiceProcess first = LABORATORY.service("without-topic", missing.properties(Map.of()));
        ServiceProcess second = LABORATORY.service("without-right", forbidden.properties(Map.of()));
        first.start();
        second.start();
        first.awaitReady();
        second.awaitReady();
        try (Admin admin = Admin.create(broker.client());
                Watching ofFirst = watch(broker, missing);
                Watching ofSecond = watch(broker, forbidden)) {
            admin.deleteTopics(List.of(missing.topics().deadLetters())).all().get();
            admin.createAcls(rights(forbidden)).all().get();

            Set<String> toFirst = missing.send(RECORDS);
            Set<String> toSecond = forbidden.send(RECORDS);

            isHeldUp(first, ofFirst);
            isHeldUp(second, ofSecond);
            measuresWhatWaits(first, admin, missing);
            measuresWhatWaits(second, admin, forbidden);
            admin.createTopics(List.of(new NewTopic(missing.topics().deadLetters(), 1, (short) 1)))
                    .all()
                    .get();
            admin.deleteAcls(
                            rights(forbidden).stream().map(AclBinding::toFilter).toList())
                    .all()
                    .get();
            missing.verify(toFirst, first);
            forbidden.verify(toSecond, second);
            await("ready again").atMost(BOUND).until(() -> first.ready() == Health.UP && second.ready() == Health.UP);
            await("nothing waits any more").atMost(BOUND).untilAsserted(() -> {
                assertThat(first.metric(LAG, "")).isZero();
                assertThat(second.metric(LAG, "")).isZero();
                assertThat(first.metric(UNACKNOWLEDGED, "")).isLessThan(1);
                assertThat(second.metric(UNACKNOWLEDGED, "")).isLessThan(1);
            });
        }
    }

    /** Alive, not ready, and saying why; nothing is written any more. */
    private static void isHeldUp(ServiceProcess service, Watching reservoir) {
        await(service.name() + " is not ready").atMost(BOUND).until(() -> service.ready() == Health.DOWN);
        assertThat(service.readiness()).contains("records wait to be acknowledged");
        assertThat(service.live()).isEqualTo(Health.UP);
        long written = reservoir.count();
        assertThat(service.endsWithin(Duration.ofSeconds(2))).as("ends").isFalse();
        assertThat(reservoir.count()).as("records on the reservoir").isEqualTo(written);
    }

    private static void measuresWhatWaits(ServiceProcess service, Admin admin, Installation installation) {
        await("the lag of " + service.name()).atMost(BOUND).untilAsserted(() -> {
            Map<Integer, Double> waiting = waiting(admin, installation);
            assertThat(waiting.values()).as("records that wait").anyMatch(count -> count > 0);
            waiting.forEach((partition, count) -> assertThat(service.metric(LAG, "partition=\"" + partition + "\""))
                    .as("of partition %s", partition)
                    .isEqualTo(count));
        });
        assertThat(service.metric(UNACKNOWLEDGED, ""))
                .as("seconds without acknowledgement")
                .isGreaterThan(2);
    }

    /** What the group of the collectors has not committed of each partition of the images. */
    private static Map<Integer, Double> waiting(Admin admin, Installation installation) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                        installation.topics().prefix() + "reflux-collector")
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (int partition = 0; partition < Installation.PARTITIONS; partition++) {
            partitions.put(new TopicPartition(installation.topics().images(), partition), OffsetSpec.latest());
        }
        Map<Integer, Double> waiting = new TreeMap<>();
        admin.listOffsets(partitions).all().get().forEach((partition, end) -> {
            OffsetAndMetadata mark = committed.get(partition);
            waiting.put(partition.partition(), (double) (end.offset() - (mark == null ? 0 : mark.offset())));
        });
        return waiting;
    }

    private static Watching watch(BrokerProcess broker, Installation installation) {
        return new Watching(broker.client(), installation.topics().reservoir(), Installation.PARTITIONS);
    }

    /** Everything but writing. */
    private static List<AclBinding> rights(Installation installation) {
        ResourcePattern topic =
                new ResourcePattern(ResourceType.TOPIC, installation.topics().deadLetters(), PatternType.LITERAL);
        return List.of(
                new AclBinding(
                        topic,
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.ALLOW)),
                new AclBinding(
                        topic,
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY)));
    }
}
