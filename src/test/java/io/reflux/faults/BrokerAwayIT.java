package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.faults.ServiceProcess.Health;
import io.reflux.wire.RoundEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A broker that is away is waited for: the service stays alive, says that it is not ready, and loses nothing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class BrokerAwayIT {
    private static final Duration OUTAGE = Duration.ofSeconds(Laboratory.FULL ? 30 : 8);
    private static final Duration BOUND = Duration.ofSeconds(60);

    @RegisterExtension
    static final Laboratory LABORATORY = new Laboratory();

    @Test
    @Order(1)
    void needsNoRestartWhenTheBrokerComesLateOrGoesAwayAndStopsWhileItIsAway() {
        BrokerProcess broker = LABORATORY.broker();
        Installation installation = new Installation(broker, "away.", List.of("steady", "fading"));
        ServiceProcess service = LABORATORY.service("waiting", installation.properties(Map.of()));
        service.start();
        await("alive without a broker").atMost(BOUND).until(() -> service.live() == Health.UP);
        assertThat(service.ready()).as("ready without a broker").isEqualTo(Health.DOWN);
        assertThat(service.started()).as("started without a broker").isEqualTo(Health.DOWN);

        broker.start();
        service.awaitReady();
        await("started").atMost(BOUND).until(() -> service.started() == Health.UP);
        try (Watching reservoir =
                        new Watching(broker.client(), installation.topics().reservoir(), Installation.PARTITIONS);
                Sending sending = new Sending(broker.client(), installation.source(), 50).start()) {
            reservoir.await(200, service, sending::state);
            broker.kill();
            int said = warnings(service);
            staysAliveButNotReady(service);
            await("a lag that nobody can know is not told")
                    .atMost(BOUND)
                    .until(() -> Double.isNaN(service.metric("reflux_lag_images", "")));
            assertThat(warnings(service) - said)
                    .as("warnings in the outage; the log ends with%n%s", service.tail())
                    .isLessThan(10 + (int) OUTAGE.toSeconds());
            broker.start();
            service.awaitReady();
            reservoir.await(reservoir.count() + 200, service, sending::state);
            Set<String> acknowledged = sending.stop();
            installation.verify(acknowledged, service);
            assertThat(service.said().split("started in", -1)).as("starts").hasSize(2);

            broker.kill();
            assertThat(stop(service))
                    .as("exit code after SIGTERM without a broker")
                    .isEqualTo(143);
            broker.start();
            service.start();
            service.awaitReady();
            installation.verify(acknowledged, service);
        }
        assertThat(stop(service)).as("exit code after SIGTERM").isEqualTo(143);
    }

    @Test
    @Order(2)
    void waitsWithTheGenerationForABrokerThatIsAwayDuringTheRound() {
        BrokerProcess broker = LABORATORY.broker();
        Installation installation = new Installation(broker, "round.", List.of("only"));
        ServiceProcess service = LABORATORY.service("distilling", installation.properties(Installation.rounds(60)));
        service.start();
        service.awaitReady();
        Set<String> acknowledged = installation.send(2_000);
        await("the API knows the feed")
                .atMost(BOUND)
                .until(() -> service.feed("only").at("/in/images").asLong() > 1_000);

        String round = service.requestRound("only");
        installation.awaitEvent("matching begins", "only", event -> "distilling"
                .equals(event.detail().stage()));
        broker.kill();
        await("the round waits for the broker").atMost(BOUND.multipliedBy(2)).until(() -> service.said()
                .contains("round " + round + " of feed only waits for the broker"));
        assertThat(service.live()).isEqualTo(Health.UP);
        assertThat(service.ready()).isEqualTo(Health.DOWN);
        broker.start();

        RoundEvent end = installation.awaitEvent(
                "the round ends", "only", event -> event.type().ends());
        assertThat(end.type()).isEqualTo(RoundEvent.Type.FINISHED);
        assertThat(end.round()).isEqualTo(round);
        assertThat(end.detail().generation()).isEqualTo(1);
        assertThat(service.metric("reflux_transactions_total", "outcome=\"committed\""))
                .isEqualTo(1);
        service.awaitReady();
        installation.verify(acknowledged, service);
    }

    private static void staysAliveButNotReady(ServiceProcess service) {
        await("not ready").atMost(BOUND).until(() -> service.ready() == Health.DOWN);
        long end = System.nanoTime() + OUTAGE.toNanos();
        while (System.nanoTime() < end) {
            assertThat(service.live()).as("liveness in the outage").isEqualTo(Health.UP);
            assertThat(service.ready()).as("readiness in the outage").isEqualTo(Health.DOWN);
            assertThat(service.started()).as("started in the outage").isEqualTo(Health.UP);
            assertThat(service.endsWithin(Duration.ofMillis(500))).as("ends").isFalse();
        }
    }

    private static int warnings(ServiceProcess service) {
        return (int) service.said()
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .count();
    }

    private static int stop(ServiceProcess service) {
        service.terminate();
        return service.awaitEnd(BOUND);
    }
}
