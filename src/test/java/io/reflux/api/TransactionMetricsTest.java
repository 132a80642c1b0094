package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.reflux.rounds.Publisher;
import io.reflux.wire.TopicNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

/** The transactions that publish nothing are counted by why, for the alert on them. */
@QuarkusTest
@TestProfile(TransactionMetricsTest.OfItsOwn.class)
final class TransactionMetricsTest extends ApiTest {
    /** Without a neighbour: what is fenced here stays shut for a minute. */
    public static final class OfItsOwn implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return new ApiProfile().getConfigOverrides();
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return new ApiProfile().getEnabledAlternatives();
        }
    }

    @Test
    void countsTransactionsThatTheBrokerRefusesAndThoseOfAFormerOwner() throws Exception {
        String feed = "contested";
        feeds.produce(feed, 12);
        expect(0, 0, 0);

        takeAtMost(100);
        assertThat(ended(feed)).isEqualTo("failed");
        expect(0, 1, 0);

        takeAtMost(1_000_000);
        feeds.publish(feed);
        expect(1, 1, 0);

        try (Publisher next = new Publisher(kafka.clientProperties(), kafka.names(), kafka.partitionsByFeed())) {
            next.open(TopicNames.partitionOf(feed, kafka.partitionsByFeed()));
            request(feed);
            expect(1, 1, 1);
        }
    }

    /** How a round that is asked for ends. */
    private static String ended(String feed) {
        String round = request(feed);
        return await().atMost(ApiFeeds.BOUND)
                .until(
                        () -> given().get("/api/v1/feeds/" + feed + "/rounds/" + round)
                                .jsonPath()
                                .<String>get("state"),
                        state -> List.of("finished", "refused", "cancelled", "failed")
                                .contains(state));
    }

    private static String request(String feed) {
        return given().post("/api/v1/feeds/" + feed + "/rounds")
                .then()
                .statusCode(202)
                .extract()
                .path("round");
    }

    private static void expect(double committed, double aborted, double fenced) {
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> {
            Scrape scrape = Scrape.now();
            assertThat(scrape.value(of("committed"))).as("committed").isEqualTo(committed);
            assertThat(scrape.value(of("aborted"))).as("aborted").isEqualTo(aborted);
            assertThat(scrape.value(of("fenced"))).as("fenced").isEqualTo(fenced);
        });
    }

    private static String of(String outcome) {
        return "reflux_transactions_total{outcome=\"" + outcome + "\"}";
    }

    /** Has the broker refuse larger records on the topic of generations. */
    private void takeAtMost(int bytes) throws Exception {
        ConfigResource topic =
                new ConfigResource(ConfigResource.Type.TOPIC, kafka.names().distilled());
        ConfigEntry limit = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }
}
