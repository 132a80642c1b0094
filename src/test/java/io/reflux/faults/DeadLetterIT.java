package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.faults.ServiceProcess.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bad records that cannot be dead-lettered hold the stream up, visibly; none is dropped. */
final class DeadLetterIT {
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final int RECORDS = 3_000;

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
