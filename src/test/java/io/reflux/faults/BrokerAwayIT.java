package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.faults.ServiceProcess.Health;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A broker that is away is waited for: the service stays alive, says that it is not ready, and loses nothing. */
final class BrokerAwayIT {
    private static final Duration OUTAGE = Duration.ofSeconds(Laboratory.FULL ? 30 : 8);
    private static final Duration BOUND = Duration.ofSeconds(60);

    @RegisterExtension
    static final Laboratory LABORATORY = new Laboratory();

    @Test
    void needsNoRestartWhenTheBrokerComesLateOrGoesAway() {
        BrokerProcess broker = LABORATORY.broker();
        Installation installation = new Installation(broker, "away.", List.of("steady", "fading"));
        ServiceProcess service = LABORATORY.service("waiting", installation.properties(Map.of()));
        service.start();
        await("alive without a broker").atMost(BOUND).until(() -> service.live() == Health.UP);
        assertThat(service.ready()).as("ready without a broker").isEqualTo(Health.DOWN);

        broker.start();
        service.awaitReady();
        try (Watching reservoir =
                        new Watching(broker.client(), installation.topics().reservoir(), Installation.PARTITIONS);
                Sending sending = new Sending(broker.client(), installation.source(), 50).start()) {
            reservoir.await(200, service);
            broker.kill();
            staysAliveButNotReady(service);
            broker.start();
            service.awaitReady();
            reservoir.await(reservoir.count() + 200, service);
            installation.verify(sending.stop(), service);
        }
        assertThat(service.said().split("started in", -1)).as("starts").hasSize(2);
        assertThat(stop(service)).as("exit code after SIGTERM").isEqualTo(143);
    }

    private static void staysAliveButNotReady(ServiceProcess service) {
        await("not ready").atMost(BOUND).until(() -> service.ready() == Health.DOWN);
        long end = System.nanoTime() + OUTAGE.toNanos();
        while (System.nanoTime() < end) {
            assertThat(service.live()).as("liveness in the outage").isEqualTo(Health.UP);
            assertThat(service.ready()).as("readiness in the outage").isEqualTo(Health.DOWN);
            assertThat(service.endsWithin(Duration.ofMillis(500))).as("ends").isFalse();
        }
    }

    private static int stop(ServiceProcess service) {
        service.terminate();
        return service.awaitEnd(BOUND);
    }
}
