package io.reflux.faults;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** The broker in a process of its own, always on the same port and the same directory. */
final class BrokerProcess extends ChildProcess {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private final int port = freePort();
    private final List<String> settings;

    /** @param settings of the server, {@code name=value} */
    BrokerProcess(Path directory, List<String> settings) {
        super("broker", directory);
        this.settings = List.copyOf(settings);
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Properties that every client begins with. */
    Map<String, Object> client() {
        return new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "reconnect.backoff.max.ms",
                500,
                "default.api.timeout.ms",
                120_000));
    }

    /** Waits until it answers. */
    void awaitServing() {
        Map<String, Object> client = client();
        client.put("default.api.timeout.ms", 2_000);
        client.put("request.timeout.ms", 2_000);
        try (Admin admin = Admin.create(client)) {
            await("broker serves").atMost(BOUND).until(() -> answers(admin));
        }
    }

    @Override
    protected List<String> arguments() {
        String application = Path.of("target", "quarkus-app").toAbsolutePath().toString();
        String path = String.join(
                File.pathSeparator,
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                application + "/app/*",
                application + "/lib/boot/*",
                application + "/lib/main/*");
        List<String> arguments = new ArrayList<>(List.of("-Xmx320m", "-cp", path, BrokerMain.class.getName()));
        arguments.add(directory().resolve("kafka").toString());
        arguments.add(Integer.toString(port));
        arguments.addAll(settings);
        return arguments;
    }

    private static boolean answers(Admin admin) throws InterruptedException {
        try {
            return !admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
