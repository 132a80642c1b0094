package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.reflux.rounds.Publisher;
import io.reflux.wire.TopicNames;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The metric of transactions tells those that publish from those of a former owner, for the alert on them. */
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
    void countsTransactionsOfAFormerOwner() {
        String feed = "contested";
        feeds.produce(feed, 12);
        expect(0, 0, 0);

        feeds.publish(feed);
        expect(1, 0, 0);

        try (Publisher next = new Publisher(kafka.clientProperties(), kafka.names(), kafka.partitionsByFeed())) {
            next.open(TopicNames.partitionOf(feed, kafka.partitionsByFeed()));
            given().post("/api/v1/feeds/" + feed + "/rounds").then().statusCode(202);
            expect(1, 0, 1);
        }
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
}
