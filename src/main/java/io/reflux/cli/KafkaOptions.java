package io.reflux.cli;

import io.reflux.wire.TopicNames;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;

/** Which cluster a command talks to, and which feed it means. */
final class KafkaOptions {
    private static final int PATIENCE_SECONDS = 15;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:KAFKA_BOOTSTRAP_SERVERS:-127.0.0.1:9092}",
            description = "The Kafka cluster (default: $KAFKA_BOOTSTRAP_SERVERS, else 127.0.0.1:9092).")
    private String bootstrap;

    @Option(
            names = "--feed",
            defaultValue = "default",
            description = "The stream of images that is meant (default: ${DEFAULT-VALUE}).")
    private String feed;

    @Option(
            names = "--topic-prefix",
            defaultValue = "",
            paramLabel = "PREFIX",
            description = "What stands before the names of the topics (default: nothing).")
    private String prefix;

    @Option(
            names = "--client",
            paramLabel = "PROPERTY=VALUE",
            description = "A property of the Kafka client, such as security.protocol=SASL_SSL; may be repeated.")
    private Map<String, String> client = new LinkedHashMap<>();

    String bootstrap() {
        return bootstrap;
    }

    String feed() {
        return feed;
    }

    TopicNames topics() {
        return new TopicNames(prefix);
    }

    /** The properties every client of this cluster has. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return properties;
    }

    /**
     * Makes sure that the cluster answers and has a topic.
     *
     * @throws CommandException when it does not, within some seconds
     */
    void requireTopic(String topic) {
        Map<String, Object> properties = properties();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_SECONDS * 1000);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_SECONDS * 1000);
        Set<String> present;
        try (Admin admin = Admin.create(properties)) {
            present = admin.listTopics().names().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw CommandException.failure(
                    "no Kafka broker answers at " + bootstrap + " within " + PATIENCE_SECONDS
                            + " s; start one ('reflux serve' has its own) or name another by --bootstrap",
                    e);
        } catch (KafkaException e) {
            throw CommandException.failure("cannot use the Kafka cluster '" + bootstrap + "': " + rootMessage(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failure("interrupted while waiting for the broker", e);
        }
        if (!present.contains(topic)) {
            throw CommandException.failure("the cluster at " + bootstrap + " has no topic '" + topic
                    + "'; 'reflux serve --bootstrap " + bootstrap + "' creates the topics");
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
