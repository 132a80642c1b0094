package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.reflux.kafka.KafkaConnection;
import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageHeaders;
import io.restassured.response.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Feeds of two classes for tests of the API, through the broker and the API. */
final class ApiFeeds {
    static final Duration BOUND = Duration.ofSeconds(30);

    /** Headers of every answer that tell a browser what it must not do. */
    static final List<String> HARDENING = List.of(
            "X-Content-Type-Options",
            "Referrer-Policy",
            "X-Frame-Options",
            "Cross-Origin-Resource-Policy",
            "Cross-Origin-Opener-Policy",
            "Content-Security-Policy");

    private final KafkaConnection kafka;

    ApiFeeds(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    void publish(String feed) {
        given().post("/api/v1/feeds/" + feed + "/rounds").then().statusCode(202);
        awaitGeneration(feed, 1);
        await().atMost(BOUND).untilAsserted(() -> given().get("/api/v1/feeds/" + feed)
                .then()
                .body("last.outcome", equalTo("finished"))
                .body("current", nullValue()));
    }

    void awaitGeneration(String feed, int generation) {
        await().atMost(BOUND)
                .untilAsserted(() ->
                        given().get("/api/v1/feeds/" + feed).then().body("generation.generation", equalTo(generation)));
    }

    /** Two classes of raw 1×2×3 images, counted when it returns. */
    void produce(String feed, int count) {
        List<ProducerRecord<String, byte[]>> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            images.add(image(feed, "class-" + i % 2, i, pixels(i)));
        }
        send(images);
        await().atMost(BOUND).untilAsserted(() -> given().get("/api/v1/feeds/" + feed)
                .then()
                .statusCode(200)
                .body("in.images", equalTo(count)));
    }

    /** Of the so-many-th image that is produced. */
    static byte[] pixels(int number) {
        byte[] pixels = new byte[6];
        new Random(number).nextBytes(pixels);
        return pixels;
    }

    ProducerRecord<String, byte[]> image(String feed, String label, int number, byte[] pixels) {
        ImageHeaders headers = new ImageHeaders(
                feed,
                label,
                "application/octet-stream",
                "1,2,3",
                new EventIdentity("/test/" + feed, "image-" + number, Instant.EPOCH.plusSeconds(number)));
        ProducerRecord<String, byte[]> image =
                new ProducerRecord<>(kafka.names().images(), null, pixels);
        headers.entries().forEach(image.headers()::add);
        return image;
    }

    void send(List<ProducerRecord<String, byte[]>> images) {
        try (Producer<String, byte[]> producer =
                new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            images.forEach(producer::send);
        }
    }

    static void problem(Response response, int status, String detail) {
        response.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("type", containsString("urn:reflux:problem:"))
                .body("detail", containsString(detail));
    }
}
