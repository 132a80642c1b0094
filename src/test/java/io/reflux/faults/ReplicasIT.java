package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.TopicNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Processes with different roles share feeds; one joins and one dies in mid-stream. */
final class ReplicasIT {
    private static final Duration BOUND = Duration.ofMinutes(2);

    /** Each in a partition of its own. */
    private static final List<String> FEEDS = List.of("feed-0", "feed-1", "feed-2", "feed-3");

    @RegisterExtension
    static final Laboratory LABORATORY = new Laboratory();

    @Test
    void shareTheFeedsWhoeverJoinsOrDies() {
        assertThat(FEEDS.stream().map(feed -> TopicNames.partitionOf(feed, Installation.PARTITIONS)))
                .as("partitions of the feeds")
                .doesNotHaveDuplicates();
        BrokerProcess broker = LABORATORY.broker();
        broker.start();
        broker.awaitServing();
        Installation installation = new Installation(broker, "shared.", FEEDS);
        ServiceProcess collects = replica(installation, "collects", "collector,distillery,api");
        ServiceProcess distils = replica(installation, "distils", "distillery,api");
        ServiceProcess joins = replica(installation, "joins", "collector,distillery");
        collects.start();
        collects.awaitReady();
        distils.start();
        distils.awaitReady();
        try (Sending sending = new Sending(broker.client(), installation.source(), 40).start()) {
            awaitGenerationsAfter(installation, 0);
            joins.start();
            joins.awaitReady();
            awaitGenerationsAfter(installation, installation.events().size());
            collects.kill();
            awaitGenerationsAfter(installation, installation.events().size());
            installation.verify(sending.stop(), distils);
        }
        assertThat(List.of(collects, distils, joins))
                .as("processes that published a generation")
                .allMatch(process -> process.said().contains(": published generation"));
        FEEDS.forEach(feed -> hasOneRoundAtATime(installation, feed));
    }

    private static ServiceProcess replica(Installation installation, String name, String roles) {
        Map<String, String> properties = new HashMap<>(Installation.rounds(10));
        properties.put("reflux.roles", roles);
        properties.put("reflux.rounds.every-images", "400");
        return LABORATORY.service(name, installation.properties(properties));
    }

    /** Every feed has a round that began and was published after so many events. */
    private static void awaitGenerationsAfter(Installation installation, int events) {
        Set<String> before = new HashSet<>();
        installation.events().stream().limit(events).forEach(event -> before.add(event.round()));
        await("generations of all feeds")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(installation.events().stream()
                                .filter(event -> event.type() == Type.FINISHED && !before.contains(event.round()))
                                .map(RoundEvent::feed))
                        .contains(FEEDS.toArray(String[]::new)));
    }

    /** On the topic no round of a feed begins before the one before has ended, and nothing is said of any other. */
    private static void hasOneRoundAtATime(Installation installation, String feed) {
        String running = null;
        for (RoundEvent event : installation.events()) {
            if (!event.feed().equals(feed)) {
                continue;
            }
            if (event.type() == Type.STARTED) {
                assertThat(running).as("round that runs when %s begins", event).isNull();
                running = event.round();
            } else {
                assertThat(event.round()).as("round of %s", event).isEqualTo(running);
                running = event.type().ends() ? null : running;
            }
        }
    }
}
