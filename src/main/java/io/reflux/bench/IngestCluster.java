package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.wire.TopicNames;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The broker that ingestion is measured on, in this process or outside, and the measurement's own topics on it. */
final class IngestCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEGMENTS = 4;
    private static final long LARGEST_SEGMENT = 1 << 30;
    private static final Duration LOOK = Duration.ofMillis(50);

    /** By itself a broker looks every five minutes, in which a fast stream fills a disk. */
    private static final Map<String, String> PROMPT_DELETION = Map.of(
            "log.initial.task.delay.ms", "1000",
            "log.retention.check.interval.ms", "2000",
            "log.segment.delete.delay.ms", "1000");

    private static final List<String> GROUPS = List.of("reflux-collector", "reflux-distillery");

    private final Map<String, Object> client;
    private final Topics topics;
    private final @Nullable EmbeddedBroker broker;

    private IngestCluster(Map<String, Object> client, Topics topics, @Nullable EmbeddedBroker broker) {
        this.client = Map.copyOf(client);
        this.topics = topics;
        this.broker = broker;
    }

    /** A broker in this process, with its data in a folder. */
    static IngestCluster within(Path folder, String prefix) {
        return within(EmbeddedBroker.start(folder, 0), new Topics(new TopicNames(prefix)));
    }

    /**
     * The same, with a broker that retains no more than the newest images.
     *
     * @param bytes of all partitions together, beside the segment of each that is written to, a quarter of its share; at
     *     least 4 MB a partition
     */
    static IngestCluster retaining(long bytes, Path folder, String prefix) {
        Topics topics = new Topics(new TopicNames(prefix));
        long share = bytes / topics.imagesPartitions();
        Map<String, String> settings = new HashMap<>(PROMPT_DELETION);
        settings.put("log.retention.bytes", Long.toString(share));
        settings.put("log.segment.bytes", Long.toString(Math.min(LARGEST_SEGMENT, share / SEGMENTS)));
        return within(EmbeddedBroker.start(folder, 0, settings), topics);
    }

    private static IngestCluster within(EmbeddedBroker broker, Topics topics) {
        return new IngestCluster(Map.of("bootstrap.servers", broker.bootstrapServers()), topics, broker);
    }

    /**
     * A cluster that runs already.
     *
     * @throws CommandException when it has a topic of one of these names, which would be deleted in the end
     */
    static IngestCluster outside(Map<String, Object> client, String prefix) {
        Topics topics = new Topics(new TopicNames(prefix));
        IngestCluster cluster = new IngestCluster(client, topics, null);
        Set<String> present = cluster.ask(admin -> admin.listTopics().names());
        cluster.names().stream().filter(present::contains).findFirst().ifPresent(taken -> {
            throw CommandException.failure("the cluster has a topic '" + taken
                    + "' already, and the topics of a measurement are deleted after it; choose another --prefix");
        });
        return cluster;
    }

    /** The properties of its clients for another process, in a file: every user of the machine sees command lines. */
    Path clientFile(Path folder) throws IOException {
        Properties properties = new Properties();
        client.forEach((name, value) -> properties.setProperty(name, value.toString()));
        Path file = Files.createTempFile(folder, "client-", ".properties");
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            properties.store(writer, null);
        }
        return file;
    }

    Map<String, Object> client() {
        return new HashMap<>(client);
    }

    String bootstrap() {
        return String.valueOf(client.get("bootstrap.servers"));
    }

    TopicNames topics() {
        return topics.names();
    }

    int partitionsByFeed() {
        return topics.partitionsByFeed();
    }

    boolean isEmbedded() {
        return broker != null;
    }

    /** Creates what is missing of the topics. */
    void prepare() {
        topics.ensure(client, PATIENCE);
    }

    /** Forgets all that a service has done, and keeps the images. */
    void forgetService() {
        List<String> written = new ArrayList<>(names());
        written.remove(topics().images());
        delete(written);
        prepare();
    }

    /** Deletes the topics of an outside cluster and stops the broker of this process. */
    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        } else {
            delete(names());
        }
    }

    private List<String> names() {
        TopicNames names = topics();
        return List.of(names.images(), names.deadLetters(), names.reservoir(), names.distilled(), names.rounds());
    }

    private void delete(Collection<String> doomed) {
        List<String> groups = ask(admin -> admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .filter(group -> GROUPS.stream().anyMatch(own -> group.equals(topics().prefix() + own)))
                .toList();
        if (!groups.isEmpty()) {
            quietly(admin -> admin.deleteConsumerGroups(groups).all());
        }
        doomed.forEach(
                topic -> quietly(admin -> admin.deleteTopics(List.of(topic)).all()));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ask(admin -> admin.listTopics().names()).stream().anyMatch(doomed::contains)) {
            if (System.nanoTime() > deadline) {
                throw CommandException.failure("the cluster does not delete its topics " + doomed + " within "
                        + PATIENCE.toSeconds() + " s; set delete.topic.enable on its brokers");
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** What is not there need not be deleted. */
    private void quietly(Function<Admin, KafkaFuture<Void>> deletion) {
        try (Admin admin = Admin.create(client())) {
            deletion.apply(admin).get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException
                    || e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw CommandException.failure(
                        "the cluster does not delete what was measured on: " + e.getMessage(), e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failure("interrupted while waiting for the broker", e);
        }
    }

    private <T> T ask(Function<Admin, KafkaFuture<T>> question) {
        try (Admin admin = Admin.create(client())) {
            return question.apply(admin).get();
        } catch (ExecutionException e) {
            throw CommandException.failure("no Kafka broker answers at " + bootstrap() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failure("interrupted while waiting for the broker", e);
        }
    }
}
