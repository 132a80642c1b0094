package io.reflux.kafka;

import io.quarkus.runtime.ShutdownEvent;
import io.reflux.config.ConfiguredSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.config.TopicsConfig;
import io.reflux.wire.TopicNames;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The way to the broker for everything in the process: the cluster of {@code kafka.bootstrap.servers}, or, without one,
 * a broker that it starts here. Whoever asks first waits until that broker serves; a cluster that does not answer is
 * waited for in the background.
 */
@Singleton
public class KafkaConnection {
    private static final Logger LOG = Logger.getLogger(KafkaConnection.class);
    private static final String PREFIX = "kafka.";
    private static final String BOOTSTRAP = "bootstrap.servers";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RefluxConfig reflux;
    private final Map<String, Object> properties;
    private final Topics topics;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Runnable> waiting = new ArrayList<>();
    private @Nullable EmbeddedBroker broker;
    private volatile String obstacle = "";
    private volatile Map<String, TopicDescription> descriptions = Map.of();

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
            prepare(PATIENCE);
        } else {
            reach();
        }
    }

    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        closing.countDown();
    }

    @PreDestroy
    void close() {
        closing.countDown();
        if (broker != null) {
            broker.close();
        }
    }

    /** Whether the broker has answered once and the topics are as they must be. */
    public boolean isOpen() {
        return opened.getCount() == 0;
    }

    /** What keeps the topics from being used; empty when nothing does. */
    public String obstacle() {
        return obstacle;
    }

    /** Whether the process stops. */
    public boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Waits at most this long for the end of the process; true when it comes. */
    public boolean awaitClosing(Duration patience) {
        try {
            return closing.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Waits for the topics, or for the end of the process: then it returns false. */
    public boolean awaitOpen() {
        try {
            while (!isClosing()) {
                if (opened.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Runs an action as soon as the topics can be used: now, or later on another thread. */
    public void whenOpen(Runnable action) {
        synchronized (waiting) {
            if (!isOpen()) {
                waiting.add(action);
                return;
            }
        }
        action.run();
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

    /** Partitions of the images topic; 0 while it is not known. */
    public int imagesPartitions() {
        TopicDescription images = descriptions.get(names().images());
        return images == null ? 0 : images.partitions().size();
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

    /** A cluster that does not answer must not keep the process from saying so over HTTP. */
    private void reach() {
        try {
            prepare(reflux.broker().patience());
        } catch (TopicException e) {
            if (!e.isAbsence()) {
                throw e;
            }
            hinder(e);
            Thread thread = new Thread(this::reachOn, "reflux-connection");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void reachOn() {
        while (!isClosing() && !isOpen()) {
            try {
                prepare(PATIENCE);
            } catch (TopicException e) {
                hinder(e);
                awaitClosing(PAUSE);
            }
        }
    }

    private void hinder(TopicException problem) {
        obstacle = String.valueOf(problem.getMessage());
        LOG.warnf("not ready: %s", obstacle);
    }

    private void prepare(Duration patience) {
        descriptions = topics.ensure(properties, patience);
        obstacle = "";
        List<Runnable> actions;
        synchronized (waiting) {
            opened.countDown();
            actions = List.copyOf(waiting);
            waiting.clear();
        }
        actions.forEach(Runnable::run);
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
