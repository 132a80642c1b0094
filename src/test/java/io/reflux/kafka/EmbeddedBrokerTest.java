package io.reflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.wire.TopicNames;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void keepsRecordsAndTopicIdentityOverARestart() throws Exception {
        Topics topics = new Topics(new TopicNames(""));
        TopicDescription before;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            Clients clients = new Clients(broker);
            before = topics.ensure(clients.properties(), PATIENCE).get("images");
            clients.produce(List.of(new ProducerRecord<>("images", 1, null, bytes("kept"))));
        }

        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            Clients clients = new Clients(broker);
            TopicDescription after =
                    topics.ensure(clients.properties(), PATIENCE).get("images");

            assertThat(after.topicId()).isEqualTo(before.topicId());
            assertThat(clients.readAll("images")).singleElement().satisfies(record -> {
                assertThat(record.value()).isEqualTo(bytes("kept"));
                assertThat(record.partition()).isEqualTo(1);
            });
        }
    }

    @Test
    void createsTheTopicsOfTheirDefinitionsAndRefusesAnotherNumberOfPartitions() {
        Topics topics = new Topics(new TopicNames("a."));
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            Map<String, Object> client = new Clients(broker).properties();

            Map<String, TopicDescription> created = topics.ensure(client, PATIENCE);

            assertThat(created.keySet())
                    .containsExactlyInAnyOrder("a.images", "a.images-dlq", "a.reservoir", "a.distilled", "a.rounds");
            assertThat(new Clients(broker).configuration("a.reservoir", "cleanup.policy"))
                    .isEqualTo("compact");
            assertThatThrownBy(() -> topics.withPartitions(4, 8).ensure(client, PATIENCE))
                    .isInstanceOf(TopicException.class)
                    .hasMessageContaining("has 4 partitions")
                    .hasMessageContaining("need 8")
                    .hasMessageContaining("reflux.topics.partitions");
        }
    }

    @Test
    void saysWhatIsWrongWhenItCannotStart() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> EmbeddedBroker.start(file, 0))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("reflux.data.directory");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("reflux.broker.port");
        }
    }

    @Test
    void refusesADirectoryAnotherBrokerUsesAndLeavesThatOneAlone() {
        try (EmbeddedBroker first = EmbeddedBroker.start(directory, 0)) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, 0))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining(directory.toString());

            assertThat(new Topics(new TopicNames("")).ensure(new Clients(first).properties(), PATIENCE))
                    .containsKey("images");
        }
    }

    @Test
    void namesTheBrokerThatDoesNotAnswer() {
        Topics topics = new Topics(new TopicNames(""));

        assertThatThrownBy(() -> topics.ensure(Map.of("bootstrap.servers", "127.0.0.1:1"), Duration.ofSeconds(2)))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageContaining("kafka.bootstrap.servers");
        assertThatThrownBy(() -> topics.ensure(Map.of("bootstrap.servers", "no.such.host.invalid:9092"), PATIENCE))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("no.such.host.invalid");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
