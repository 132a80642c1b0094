package io.reflux.cli;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.reflux.kafka.EmbeddedBroker;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** A broker that takes clients by TLS with certificates on both sides and SASL/SCRAM only, and its certificates. */
public final class SecuredBroker implements QuarkusTestResourceLifecycleManager {
    static final String PASSWORD = "scram-secret-0f3a";
    static final String KEYSTORE_PASSWORD = "keystore-secret-5b1c";
    static final String TRUSTSTORE_PASSWORD = "truststore-secret-77de";
    static final String BROKERS_PASSWORD = "broker-secret-9912";

    /** Kafka's own dumps of its configuration; Quarkus silences each of these unless asked. */
    private static final List<String> LOUD = List.of(
            "org.apache.kafka",
            "org.apache.kafka.clients",
            "org.apache.kafka.clients.consumer.ConsumerConfig",
            "org.apache.kafka.clients.producer.ProducerConfig",
            "org.apache.kafka.common.config",
            "org.apache.kafka.common.utils",
            "org.apache.kafka.common.metrics",
            "io.reflux",
            "io.smallrye.reactive.messaging");

    private static final String USER = "reflux-service";

    private EmbeddedBroker broker;

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory(
                            Files.createDirectories(Path.of("target", "test-directories")), "secured-")
                    .toAbsolutePath();
            certify(directory);
            int port = freePort();
            broker = EmbeddedBroker.start(directory.resolve("broker"), 0, listener(directory, port));
            addUser();
            Map<String, String> configuration = new HashMap<>();
            client(directory, port, PASSWORD).forEach((name, value) -> configuration.put("kafka." + name, value));
            configuration.put("secured.directory", directory.toString());
            configuration.put("reflux.data.directory", directory.resolve("data").toString());
            configuration.put("quarkus.log.file.enabled", "true");
            configuration.put(
                    "quarkus.log.file.path", directory.resolve("service.log").toString());
            configuration.put("quarkus.log.file.level", "ALL");
            configuration.put("quarkus.log.console.level", "ERROR");
            LOUD.forEach(logger -> configuration.put("quarkus.log.category.\"" + logger + "\".level", "INFO"));
            return configuration;
        } catch (IOException | InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    /** Properties of a client with this password. */
    static Map<String, String> client(Path directory, int port, String password) {
        return Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + port,
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + USER + "\" password=\""
                        + password + "\";",
                "ssl.keystore.location",
                directory.resolve("client.p12").toString(),
                "ssl.keystore.password",
                KEYSTORE_PASSWORD,
                "ssl.key.password",
                KEYSTORE_PASSWORD,
                "ssl.truststore.location",
                directory.resolve("client-trust.p12").toString(),
                "ssl.truststore.password",
                TRUSTSTORE_PASSWORD);
    }

    private static Map<String, String> listener(Path directory, int port) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "listeners", "SECURE://127.0.0.1:" + port,
                "advertised.listeners", "SECURE://127.0.0.1:" + port,
                "listener.security.protocol.map", "SECURE:SASL_SSL",
                "listener.name.secure.sasl.enabled.mechanisms", "SCRAM-SHA-512",
                "listener.name.secure.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;"));
        Map.of(
                        "ssl.client.auth",
                        "required",
                        "ssl.keystore.location",
                        directory.resolve("broker.p12").toString(),
                        "ssl.keystore.password",
                        BROKERS_PASSWORD,
                        "ssl.key.password",
                        BROKERS_PASSWORD,
                        "ssl.truststore.location",
                        directory.resolve("broker-trust.p12").toString(),
                        "ssl.truststore.password",
                        BROKERS_PASSWORD)
                .forEach((name, value) -> settings.put("listener.name.secure." + name, value));
        return settings;
    }

    private void addUser() throws InterruptedException, ExecutionException {
        ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(USER, scram, PASSWORD)))
                    .all()
                    .get();
        }
    }

    private static void certify(Path directory) throws IOException, InterruptedException {
        keyPair(directory, "broker", BROKERS_PASSWORD);
        keyPair(directory, "client", KEYSTORE_PASSWORD);
        trust(directory, "client-trust.p12", TRUSTSTORE_PASSWORD, "broker");
        trust(directory, "broker-trust.p12", BROKERS_PASSWORD, "client");
    }

    private static void keyPair(Path directory, String name, String password) throws IOException, InterruptedException {
        String store = name + ".p12";
        keytool(
                directory,
                store,
                password,
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2");
        keytool(directory, store, password, "-exportcert", "-alias", name, "-rfc", "-file", name + ".pem");
    }

    private static void trust(Path directory, String store, String password, String name)
            throws IOException, InterruptedException {
        keytool(directory, store, password, "-importcert", "-noprompt", "-alias", name, "-file", name + ".pem");
    }

    private static void keytool(Path directory, String store, String password, String... what)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(what));
        command.addAll(List.of("-keystore", store, "-storetype", "PKCS12", "-storepass", password));
        Path output = directory.resolve("keytool.log");
        int code = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("keytool failed: " + Files.readString(output));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
