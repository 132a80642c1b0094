package io.reflux.rounds;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.reflux.distill.DistilledSet;
import io.reflux.feeds.FeedRecords;
import io.reflux.format.Safetensors;
import io.reflux.kafka.Clients;
import io.reflux.kafka.KafkaConnection;
import io.reflux.kafka.TestDirectories;
import io.reflux.reservoir.Forgetting;
import io.reflux.reservoir.ReservoirTopic;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.TopicNames;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A process with no role but the API's answers for feeds that other processes own. */
@QuarkusTest
@TestProfile(ApiRoleTest.ApiOnly.class)
final class ApiRoleTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final DistilledSet SET = Sets.filled(7, "a", "b");

    public static final class ApiOnly implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "reflux.roles", "api",
                    "reflux.data.directory", TestDirectories.fresh("api-role").toString(),
                    "reflux.broker.port", "0");
        }
    }

    @Inject
    KafkaConnection kafka;

    @Inject
    ReservoirTopic reservoir;

    @Test
    void answersWithoutOwningAnything() throws Exception {
        publish("elsewhere");

        await().atMost(BOUND).untilAsserted(() -> given().get("/api/v1/feeds/elsewhere")
                .then()
                .statusCode(200)
                .body("generation.generation", equalTo(1)));
        byte[] set = given().get("/api/v1/feeds/elsewhere/generations/current/set")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(DistilledSet.fromSafetensors(Safetensors.decode(set)).images())
                .isEqualTo(SET.images());
        assertThat(reservoir.partitions()).isEmpty();
        given().get("/q/health/ready").then().statusCode(200);
    }

    @Test
    void putsARequestOnTheTopicForWhoeverOwnsTheFeed() throws Exception {
        publish("asked");
        await().atMost(BOUND)
                .untilAsserted(() -> given().get("/api/v1/feeds/asked").then().statusCode(200));

        String round = given().post("/api/v1/feeds/asked/rounds")
                .then()
                .statusCode(202)
                .extract()
                .path("round");

        assertThat(new Clients(kafka.bootstrapServers()).readAll(kafka.names().rounds()))
                .anySatisfy(
                        entry -> assertThat(FeedRecords.event(entry).round()).isEqualTo(round));
        await().atMost(BOUND).untilAsserted(() -> given().get("/api/v1/feeds/asked/rounds/current")
                .then()
                .body("state", equalTo("requested"))
                .body("round", equalTo(round)));
    }

    @Test
    void saysSoWhenTheGenerationOnTheTopicIsDamaged() throws Exception {
        publish("damaged");
        new Clients(kafka.bootstrapServers())
                .produce(List.of(new ProducerRecord<>(
                        kafka.names().distilled(),
                        TopicNames.partitionOf("damaged", kafka.partitionsByFeed()),
                        "damaged/1/a/0",
                        new byte[] {1})));
        await().atMost(BOUND)
                .untilAsserted(
                        () -> given().get("/api/v1/feeds/damaged").then().body("generation.generation", equalTo(1)));

        given().get("/api/v1/feeds/damaged/generations/current/set")
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .body("detail", containsString("damaged/1/a/0"));
    }

    @Test
    void forgetsTheCountsOfAResetFeedAndADeletedOneAltogether() throws Exception {
        ProgressRecord counted =
                new ProgressRecord(new ReservoirKey.OfProgress("brief", 0), 10, 9, 900, Map.of("label-missing", 1L));
        new Clients(kafka.bootstrapServers())
                .produce(List.of(new ProducerRecord<>(
                        kafka.names().reservoir(),
                        TopicNames.partitionOf("brief", kafka.partitionsByFeed()),
                        counted.key().key().text(),
                        counted.value())));
        await().atMost(BOUND)
                .untilAsserted(() -> given().get("/api/v1/feeds/brief").then().body("in.images", equalTo(9)));
        try (Forgetting forgetting = new Forgetting(kafka.clientProperties(), kafka.names())) {
            forgetting.restart("brief", false);
            await().atMost(BOUND)
                    .untilAsserted(
                            () -> given().get("/api/v1/feeds/brief").then().body("in.images", equalTo(0)));

            forgetting.restart("brief", true);

            await().atMost(BOUND)
                    .untilAsserted(
                            () -> given().get("/api/v1/feeds/brief").then().statusCode(404));
            assertThat(given().get("/api/v1/feeds").then().extract().<List<String>>path("feed"))
                    .doesNotContain("brief");
        }
    }

    private void publish(String feed) {
        try (Publisher publisher = new Publisher(kafka.clientProperties(), kafka.names(), kafka.partitionsByFeed())) {
            publisher.open(TopicNames.partitionOf(feed, kafka.partitionsByFeed()));
            publisher.publish(Sets.publication(feed, 1, SET, List.of(), 3));
        }
    }
}
