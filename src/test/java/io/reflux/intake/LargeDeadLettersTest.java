package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.reflux.kafka.Clients;
import io.reflux.kafka.KafkaConnection;
import io.reflux.kafka.TestDirectories;
import io.reflux.wire.DeadLetter;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Records that take little on the topic and unpack to far more than a record may have: nothing stands still for them. */
@QuarkusTest
@TestProfile(LargeDeadLettersTest.Service.class)
final class LargeDeadLettersTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String FEED = "packed";
    private static final int LARGEST = 4_000_000;

    public static final class Service implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "reflux.data.directory",
                    TestDirectories.fresh("packed").toString(),
                    "reflux.broker.port",
                    "0",
                    "reflux.rounds.every-images",
                    "0",
                    "mp.messaging.outgoing.dead-letters.max.request.size",
                    Integer.toString(LARGEST));
        }
    }

    @Inject
    KafkaConnection kafka;

    @Test
    void whatIsTooLargeIsDeadLetteredWithoutItsValueAndTheOthersFlow() throws Exception {
        Clients clients = new Clients(kafka.bootstrapServers());
        try (Producer<String, byte[]> producer = packing()) {
            producer.send(zeros("fits", 3_000_000));
            producer.send(zeros("too-large", 5_000_000));
        }
        clients.produce(Images.many("images", FEED, 30));

        await().atMost(BOUND).untilAsserted(() -> assertThat(letters(clients)).hasSize(2));
        Map<String, ConsumerRecord<String, byte[]>> letters = letters(clients);
        assertThat(letters.get("fits").value()).isEqualTo(new byte[3_000_000]);
        assertThat(letters.get("fits").headers().lastHeader(DeadLetter.OMITTED)).isNull();
        assertThat(letters.get("too-large").value()).isNull();
        assertThat(header(letters.get("too-large"), DeadLetter.OMITTED)).isEqualTo("5000000");
        assertThat(header(letters.get("too-large"), DeadLetter.REASON))
                .isEqualTo(header(letters.get("fits"), DeadLetter.REASON));
        await().atMost(BOUND).untilAsserted(() -> assertThat(Samples.alive(clients.readAll("reservoir")))
                .hasSize(30));
    }

    private static Map<String, ConsumerRecord<String, byte[]>> letters(Clients clients) {
        return clients.readAll("images-dlq").stream()
                .collect(Collectors.toMap(ConsumerRecord::key, Function.identity()));
    }

    private static ProducerRecord<String, byte[]> zeros(String key, int size) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>("images", key, new byte[size]);
        for (String[] header : List.of(
                new String[] {"label", "none"}, new String[] {"content-type", "image/png"}, new String[] {"feed", FEED
                })) {
            record.headers().add(header[0], header[1].getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }

    private Producer<String, byte[]> packing() {
        Map<String, Object> properties = kafka.clientProperties();
        properties.put("compression.type", "gzip");
        properties.put("max.request.size", 10_000_000);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
