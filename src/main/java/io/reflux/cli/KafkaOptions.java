package io.reflux.cli;

import io.reflux.console.ClientFile;
import io.reflux.console.CommandException;
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
import org.apache.kafka.common.errors.AuthenticationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cluster a command talks to, and which feed it means. */
final class KafkaOptions {
    private static final int PATIENCE_SECONDS = 15;
    private static final String LOCAL = "127.0.0.1:9092";

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "The Kafka cluster (default: that of --kafka-config, else $KAFKA_BOOTSTRAP_SERVERS, else "
                    + LOCAL + ").")
    private @Nullable String bootstrap;

    @Mixin
    private ClientFile file = new ClientFile();

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
            description = "A property of the Kafka client, such as linger.ms=50; may be repeated. Secrets belong into"
                    + " --kafka-config: every user of the machine sees the command line.")
    private Map<String, String> client = new LinkedHashMap<>();

    String bootstrap() {
        return String.valueOf(properties().get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    }

    String feed() {
        return feed;
    }

    TopicNames topics() {
        return new TopicNames(prefix);
    }

    /** The properties every client of this cluster has: the file's, over them {@code --client} and {@code --bootstrap}. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>(file.properties());
        properties.putAll(client);
        if (bootstrap != null) {
            properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        }
        String environment = System.getenv("KAFKA_BOOTSTRAP_SERVERS");
        properties.putIfAbsent(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                environment == null || environment.isBlank() ? LOCAL : environment);
        return properties;
    }

    /**
     * Makes sure that the cluster answers and has a topic.
     *
     * @throws CommandException when it does not, within some seconds
     */
    void requireTopic(String topic) {
        Map<String, Object> properties = properties();
        Object cluster = properties.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_SECONDS * 1000);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_SECONDS * 1000);
        Set<String> present;
        try (Admin admin = Admin.create(properties)) {
            present = admin.listTopics().names().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw unanswered(cluster, e);
        } catch (KafkaException e) {
            throw CommandException.failure("cannot use the Kafka cluster '" + cluster + "': " + rootMessage(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failure("interrupted while waiting for the broker", e);
        }
        if (!present.contains(topic)) {
            throw CommandException.failure("the cluster at " + cluster + " has no topic '" + topic
                    + "'; 'reflux serve --bootstrap " + cluster + "' creates the topics");
        }
    }

    private static CommandException unanswered(@Nullable Object cluster, Exception failure) {
        if (failure.getCause() instanceof AuthenticationException refused) {
            return CommandException.failure(
                    "the Kafka cluster '" + cluster + "' refuses these credentials: " + refused.getMessage()
                            + "; correct --kafka-config or --client",
                    failure);
        }
        return CommandException.failure(
                "no Kafka broker answers at " + cluster + " within " + PATIENCE_SECONDS
                        + " s; start one ('reflux serve' has its own) or name another by --bootstrap",
                failure);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
