package io.reflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.reflux.wire.Sha256;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded broker, in a process of its own, on a file system of a few megabytes that fills up under it. */
final class FullDiskTest {
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final int IMAGE_BYTES = 200_000;

    /** More images than fit, whatever else the broker keeps. */
    private static final int MOST_IMAGES = 400;

    @TempDir
    private Path directory;

    private Path small;
    private Process broker;

    /** A broker until it is killed. */
    static final class Main {
        public static void main(String[] arguments) throws InterruptedException {
            EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
            new CountDownLatch(1).await();
        }
    }

    @BeforeEach
    void mount() throws Exception {
        small = Files.createDirectory(directory.resolve("small"));
        boolean mounted = shell("mount -t tmpfs -o size=40m tmpfs " + small);
        assumeTrue(mounted, "a small file system can be mounted by root only, where the kernel lets it");
    }

    @AfterEach
    void unmount() throws Exception {
        if (broker != null) {
            broker.destroyForcibly().waitFor();
        }
        shell("umount " + small);
    }

    @Test
    void whatWasAcknowledgedBeforeTheDiskWasFullIsThereWhenThereIsRoomAgain() throws Exception {
        int port = freePort();
        Clients clients = new Clients("127.0.0.1:" + port);
        start(port, clients);
        try (Admin admin = Admin.create(clients.properties())) {
            admin.createTopics(List.of(new NewTopic("images", 1, (short) 1)))
                    .all()
                    .get();
        }
        Map<Long, String> acknowledged = fill(clients);
        assertThat(acknowledged).hasSizeBetween(10, MOST_IMAGES - 1);

        broker.destroyForcibly().waitFor();
        assertThat(shell("mount -o remount,size=400m " + small)).isTrue();
        start(port, clients);

        Map<Long, String> found = new TreeMap<>();
        for (ConsumerRecord<String, byte[]> record : clients.readAll("images")) {
            found.put(record.offset(), Sha256.hex(record.value()));
        }
        assertThat(found).containsAllEntriesOf(acknowledged);
        assertThatCode(() -> clients.produce(List.of(new ProducerRecord<>("images", image(1)))))
                .doesNotThrowAnyException();
    }

    /** Sends images until one is refused; the digests of those that were acknowledged, by offset. */
    private static Map<Long, String> fill(Clients clients) throws Exception {
        Map<String, Object> properties = clients.properties();
        properties.put("acks", "all");
        properties.put("request.timeout.ms", 3_000);
        properties.put("delivery.timeout.ms", 6_000);
        properties.put("max.block.ms", 6_000);
        Map<Long, String> acknowledged = new TreeMap<>();
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < MOST_IMAGES; i++) {
                byte[] image = image(i);
                RecordMetadata at =
                        producer.send(new ProducerRecord<>("images", image)).get();
                acknowledged.put(at.offset(), Sha256.hex(image));
            }
        } catch (ExecutionException refused) {
            assertThat(refused).hasMessageContaining("org.apache.kafka.common.errors");
        }
        return acknowledged;
    }

    private static byte[] image(int number) {
        byte[] image = new byte[IMAGE_BYTES];
        new Random(number).nextBytes(image);
        return image;
    }

    private void start(int port, Clients clients) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(small.resolve("kafka").toString(), Integer.toString(port)));
        broker = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("broker.log").toFile()))
                .start();
        await().atMost(BOUND).until(() -> {
            assertThat(broker.isAlive())
                    .as(Files.readString(directory.resolve("broker.log")))
                    .isTrue();
            return answers(clients);
        });
    }

    private static boolean answers(Clients clients) throws InterruptedException {
        Map<String, Object> properties = clients.properties();
        properties.put("request.timeout.ms", 2_000);
        properties.put("default.api.timeout.ms", 2_000);
        try (Admin admin = Admin.create(properties)) {
            admin.listTopics().names().get();
            return true;
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
