package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.wire.RoundEvent;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Traces are off until they are switched on, wherever they would go. */
final class UntracedIT {
    private static final String FEED = "only";
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Duration BOUND = Duration.ofSeconds(90);

    @RegisterExtension
    static final Laboratory LABORATORY = new Laboratory();

    @Test
    void makesNoSpanAndMarksNoRecordWithoutTheSwitch() {
        BrokerProcess broker = LABORATORY.broker();
        broker.start();
        broker.awaitServing();
        Installation installation = new Installation(broker, "untraced.", List.of(FEED));
        try (TraceCollector traces = new TraceCollector()) {
            Map<String, String> properties = new HashMap<>(Installation.rounds(20));
            properties.put("quarkus.otel.exporter.otlp.endpoint", traces.address());
            properties.put("quarkus.otel.bsp.schedule.delay", "PT0.2S");
            ServiceProcess service = LABORATORY.service("untraced", installation.properties(properties));
            service.start();
            service.awaitReady();
            installation.send(2_000);
            await("the API knows the feed")
                    .atMost(BOUND)
                    .until(() -> service.feed(FEED).at("/in/images").asLong() > 1_000);

            HttpResponse<String> asked =
                    service.post("/api/v1/feeds/" + FEED + "/rounds", Map.of("traceparent", TRACEPARENT), new byte[0]);
            assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
            RoundEvent end = installation.awaitEvent(
                    "the round ends", FEED, event -> event.type().ends());
            assertThat(end.type()).as("%s", end.detail()).isEqualTo(RoundEvent.Type.FINISHED);
            service.terminate();

            // an exporter sends what it has before the process ends
            assertThat(service.awaitEnd(BOUND)).as("exit code after SIGTERM").isEqualTo(143);
            assertThat(traces.spans()).isEmpty();
            TopicReader reader = TopicReader.committed(broker);
            for (String topic : List.of(
                    installation.topics().reservoir(),
                    installation.topics().rounds(),
                    installation.topics().distilled())) {
                assertThat(reader.all(topic)).as(topic).isNotEmpty().allSatisfy(record -> assertThat(
                                record.headers().headers("traceparent"))
                        .isEmpty());
            }
        }
    }
}
