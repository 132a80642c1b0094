package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.wire.RoundEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A round that is interrupted goes on where its checkpoint stands, whether the process was told to stop or killed. */
final class RoundIT {
    private static final String FEED = "only";
    private static final int ITERATIONS = 1_000_000;
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final Duration SHUTDOWN = Duration.ofSeconds(30);

    @RegisterExtension
    static final Laboratory LABORATORY = new Laboratory();

    @Test
    void goesOnAtTheSavedIterationAfterSigtermAndAfterKill() {
        BrokerProcess broker = LABORATORY.broker();
        broker.start();
        broker.awaitServing();
        Installation installation = new Installation(broker, "round.", List.of(FEED));
        ServiceProcess service =
                LABORATORY.service("distilling", installation.properties(Installation.rounds(ITERATIONS)));
        service.start();
        service.awaitReady();
        installation.send(2_000);
        await("the API knows the feed")
                .atMost(BOUND)
                .until(() -> service.feed(FEED).at("/in/images").asLong() > 1_000);
        String round = service.requestRound(FEED);
        awaitMatching(installation, 0, 20);

        service.terminate();
        assertThat(service.awaitEnd(SHUTDOWN)).as("exit code").isEqualTo(143);

        long told = last(installation);
        RoundEvent end = installation.awaitEvent(
                "the round says that it is interrupted", FEED, event -> event.type() == RoundEvent.Type.CANCELLED);
        assertThat(end.round()).isEqualTo(round);
        assertThat(end.detail().resumes()).isTrue();

        int before = installation.events().size();
        service.start();
        long resumed = awaitMatching(installation, before, 0);
        assertThat(resumed).as("iteration after SIGTERM").isGreaterThanOrEqualTo(told);

        awaitMatching(installation, before, resumed + 20);
        service.kill();
        before = installation.events().size();
        service.start();
        assertThat(awaitMatching(installation, before, 0))
                .as("iteration after kill -9")
                .isGreaterThanOrEqualTo(resumed);
    }

    /** The first iteration of at least this number that was told of after so many events. */
    private static long awaitMatching(Installation installation, int after, long iteration) {
        return await("matching comes to iteration " + iteration)
                .atMost(BOUND)
                .until(
                        () -> installation.events().stream()
                                .skip(after)
                                .filter(event ->
                                        "distilling".equals(event.detail().stage()))
                                .mapToLong(event -> event.detail().done())
                                .filter(done -> done >= iteration)
                                .findFirst()
                                .orElse(-1),
                        found -> found >= 0);
    }

    private static long last(Installation installation) {
        return installation.events().stream()
                .filter(event -> "distilling".equals(event.detail().stage()))
                .mapToLong(event -> event.detail().done())
                .max()
                .orElseThrow();
    }
}
