package io.reflux.stream;

import io.reflux.wire.TopicNames;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The way to the broker for everything in the process: the cluster of {@code kafka.bootstrap.servers}, or, without one,
 * a broker that it starts here. Whoever asks first waits until the broker answers and the topics are there.
 */
@Singleton
public class KafkaConnection {
    private static final Logger LOG = Logger.getLogger(KafkaConnection.class);
    private static final String PREFIX = "kafka.";
    private static final String BOOTSTRAP = "bootstrap.servers";

    private final RefluxConfig reflux;
    private final Map<String, Object> properties;
    private final Topics topics;
    private @Nullable EmbeddedBroker broker;
    private Map<String, TopicDescription> descriptions = Map.of();

    @Inject
    KafkaConnection(RefluxConfig reflux, Config config) {
        this.reflux = reflux;
        this.properties = configured(config);
        this.topics = topics(reflux.topics());
    }

    @PostConstruct
    void open() {
        new ConfiguredSettings(reflux).check();
        if (!properties.containsKey(BOOTSTRAP)) {
            broker = EmbeddedBroker.start(
                    reflux.data().directory().resolve("kafka"), reflux.broker().port());
            properties.put(BOOTSTRAP, broker.bootstrapServers());
            LOG.infof("Kafka broker in this process at %s, data in %s", bootstrapServers(), broker.directory());
        }
        descriptions = topics.ensure(properties, reflux.broker().patience());
    }

    @PreDestroy
    void close() {
        if (broker != null) {
            broker.close();
        }
    }

    /** {@code host:port,…} for clients. */
    public String bootstrapServers() {
        return String.valueOf(properties.get(BOOTSTRAP));
    }

    /** Whether the broker runs in this process. */
    public boolean isEmbedded() {
        return broker != null;
    }

    /** Properties every client starts from: all of {@code kafka.*}, with {@code bootstrap.servers}; a copy. */
    public Map<String, Object> clientProperties() {
        return new HashMap<>(properties);
    }

    /** The names of the topics. */
    public TopicNames names() {
        return topics.names();
    }

    /** Partitions of reservoir, distilled and rounds. */
    public int partitionsByFeed() {
        return topics.partitionsByFeed();
    }

    /** The identity of the images topic, which outlives its name. */
    public Uuid imagesId() {
        return topics.imagesId(descriptions);
    }

    /** What the messaging channels start from; takes the place of the map Quarkus makes of {@code kafka.*}. */
    @Produces
    @Singleton
    @Identifier("default-kafka-broker")
    Map<String, Object> channelDefaults() {
        return clientProperties();
    }

    private static Topics topics(TopicsConfig config) {
        Topics packaged = new Topics(new TopicNames(config.prefix().orElse("")));
        return packaged.withPartitions(
                config.imagesPartitions().orElse(packaged.imagesPartitions()),
                config.partitions().orElse(packaged.partitionsByFeed()));
    }

    private static Map<String, Object> configured(Config config) {
        Map<String, Object> properties = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            String canonical = name.toLowerCase(Locale.ROOT).replace('_', '.');
            if (canonical.startsWith(PREFIX)) {
                config.getOptionalValue(name, String.class)
                        .filter(value -> !value.isBlank())
                        .ifPresent(value -> properties.put(canonical.substring(PREFIX.length()), value));
            }
        }
        return properties;
    }
}
