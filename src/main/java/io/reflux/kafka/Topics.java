package io.reflux.kafka;

import io.reflux.wire.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of one installation on one cluster: creates the missing ones and checks the others. */
public final class Topics {
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);

    private final TopicNames names;
    private final List<TopicDefinition> definitions;

    /** The packaged definitions under these names. */
    public Topics(TopicNames names) {
        this(names, TopicDefinition.packaged());
    }

    /** Other definitions under these names. */
    public Topics(TopicNames names, List<TopicDefinition> definitions) {
        this.names = names;
        this.definitions = List.copyOf(definitions);
    }

    public TopicNames names() {
        return names;
    }

    /** The packaged definitions, with this number of partitions for images and for the topics partitioned by feed. */
    public Topics withPartitions(int images, int byFeed) {
        return new Topics(
                names,
                definitions.stream()
                        .map(definition -> isByFeed(definition)
                                ? definition.withPartitions(byFeed)
                                : names.images().equals(full(definition))
                                        ? definition.withPartitions(images)
                                        : definition)
                        .toList());
    }

    /** Partitions of reservoir, distilled and rounds. */
    public int partitionsByFeed() {
        return partitionsOf(names.reservoir());
    }

    /** Partitions of images at creation. */
    public int imagesPartitions() {
        return partitionsOf(names.images());
    }

    private int partitionsOf(String topic) {
        return definitions.stream()
                .filter(definition -> full(definition).equals(topic))
                .mapToInt(TopicDefinition::partitions)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Creates what is missing and checks the number of partitions of the topics partitioned by feed.
     *
     * @param client properties of the client, with {@code bootstrap.servers}
     * @param patience how long to wait for the broker
     * @return the topics as they are
     * @throws TopicException when the broker cannot be reached in time, a topic cannot be created, or a topic
     *     partitioned by feed has another number of partitions
     */
    public Map<String, TopicDescription> ensure(Map<String, Object> client, Duration patience) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.min(patience.toMillis(), 10_000));
        try (Admin admin = connect(properties)) {
            Set<String> present = await(admin.listTopics().names(), client, patience);
            create(admin, present, client, patience);
            Map<String, TopicDescription> topics = describe(admin, client, patience);
            topics.values().forEach(this::check);
            return topics;
        }
    }

    /** The identity of the images topic, which outlives its name. */
    public Uuid imagesId(Map<String, TopicDescription> topics) {
        return Optional.ofNullable(topics.get(names.images()))
                .map(TopicDescription::topicId)
                .orElse(Uuid.ZERO_UUID);
    }

    /** What was created a moment ago may not have reached the broker that answers. */
    private Map<String, TopicDescription> describe(Admin admin, Map<String, Object> client, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return await(admin.describeTopics(fullNames()).allTopicNames(), client, patience);
            } catch (TopicException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            }
        }
    }

    private static Admin connect(Map<String, Object> properties) {
        try {
            return Admin.create(properties);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new TopicException(
                    "cannot connect to Kafka at " + properties.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG) + ": "
                            + cause.getMessage() + "; correct kafka.bootstrap.servers",
                    e);
        }
    }

    private void create(Admin admin, Set<String> present, Map<String, Object> client, Duration patience) {
        List<NewTopic> missing = definitions.stream()
                .filter(definition -> !present.contains(full(definition)))
                .map(definition -> new NewTopic(
                                full(definition), Optional.of(definition.partitions()), Optional.<Short>empty())
                        .configs(definition.configuration()))
                .toList();
        for (KafkaFuture<Void> created :
                new ArrayList<>(admin.createTopics(missing).values().values())) {
            try {
                await(created, client, patience);
            } catch (TopicException e) {
                // Another replica that started at the same moment may have been faster.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private void check(TopicDescription topic) {
        int wanted = partitionsByFeed();
        int found = topic.partitions().size();
        if (names.partitionedByFeed().contains(topic.name()) && found != wanted) {
            throw new TopicException(
                    "topic " + topic.name() + " has " + found + " partitions, but reservoir, distilled and rounds need "
                            + wanted + " each; set reflux.topics.partitions to " + found
                            + " if all three have that many, or use other topics by reflux.topics.prefix",
                    null);
        }
    }

    private static <T> T await(KafkaFuture<T> future, Map<String, Object> client, Duration patience) {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e), client, patience);
        } catch (TimeoutException e) {
            throw failure(e, client, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicException("interrupted while waiting for the broker", e);
        }
    }

    private static TopicException failure(Throwable cause, Map<String, Object> client, Duration patience) {
        if (cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException) {
            return new TopicException(
                    "no Kafka broker answers at " + client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG) + " within "
                            + patience.toSeconds() + " s; start it, or correct kafka.bootstrap.servers",
                    cause);
        }
        if (cause instanceof AuthenticationException) {
            return new TopicException(
                    "the Kafka cluster at " + client.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)
                            + " refuses these credentials: " + cause.getMessage()
                            + "; correct kafka.sasl.* and kafka.ssl.*, or the file given by --kafka-config",
                    cause);
        }
        return new TopicException("the topics cannot be prepared: " + cause.getMessage(), cause);
    }

    private Set<String> fullNames() {
        return definitions.stream().map(this::full).collect(Collectors.toSet());
    }

    private String full(TopicDefinition definition) {
        return names.prefix() + definition.name();
    }

    private boolean isByFeed(TopicDefinition definition) {
        return names.partitionedByFeed().contains(full(definition));
    }
}
