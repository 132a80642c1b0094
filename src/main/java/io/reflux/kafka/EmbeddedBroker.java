package io.reflux.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** A real Kafka broker and controller of one node in this process, listening on 127.0.0.1 only. */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;
    private static final String CLUSTER_ID_FILE = "cluster.id";
    private static final Set<String> LISTENER_LISTS =
            Set.of("listeners", "advertised.listeners", "listener.security.protocol.map");

    /** Loggers of the server; kept here because a logger nobody holds forgets its level. */
    private static final List<Logger> LOGGERS =
            List.of(Logger.getLogger("kafka"), Logger.getLogger("org.apache.kafka"), Logger.getLogger("state.change"));

    private final Path directory;
    private final int port;
    private final KafkaRaftServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(Path directory, int port, KafkaRaftServer server) {
        this.directory = directory;
        this.port = port;
        this.server = server;
    }

    /**
     * Starts a broker and waits until it serves.
     *
     * @param directory its data, kept between runs; created when missing
     * @param port of its listener; 0 takes a free one
     * @throws BrokerStartException when the directory cannot be used or the port is taken, saying which
     */
    public static EmbeddedBroker start(Path directory, int port) {
        return start(directory, port, Map.of());
    }

    /**
     * The same with settings of the broker's own.
     *
     * @param extra {@code listeners}, {@code advertised.listeners} and {@code listener.security.protocol.map} are added
     *     to those it has; every other setting replaces its own
     */
    public static EmbeddedBroker start(Path directory, int port, Map<String, String> extra) {
        quieten();
        int listener = port == 0 ? freePort() : available(port);
        try {
            Files.createDirectories(directory);
            Properties settings = settings(directory, listener, freePort());
            extra.forEach((name, value) -> settings.merge(
                    name, value, (own, added) -> LISTENER_LISTS.contains(name) ? own + "," + added : added));
            KafkaConfig config = KafkaConfig.fromProps(settings);
            format(directory, clusterId(directory));
            return new EmbeddedBroker(directory, listener, started(new KafkaRaftServer(config, Time.SYSTEM)));
        } catch (Exception e) {
            throw new BrokerStartException(
                    "the embedded broker cannot start with its data in " + directory + ": " + e.getMessage()
                            + "; give another directory by reflux.data.directory or a cluster by kafka.bootstrap.servers",
                    e);
        }
    }

    /** A server that fails half-way would keep its threads and the lock on its directory. */
    private static KafkaRaftServer started(KafkaRaftServer server) {
        try {
            server.startup();
            return server;
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
    }

    /** {@code host:port} for clients. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    public Path directory() {
        return directory;
    }

    /** Stops the broker and waits for it; its data stays. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void quieten() {
        LOGGERS.stream().filter(logger -> logger.getLevel() == null).forEach(logger -> logger.setLevel(Level.SEVERE));
        // A fault of the broker must not end the process it is a guest in.
        Exit.setExitProcedure(EmbeddedBroker::refuseExit);
        Exit.setHaltProcedure(EmbeddedBroker::refuseExit);
    }

    private static void refuseExit(int status, String message) {
        throw new IllegalStateException("the embedded broker failed with status " + status + ": " + message);
    }

    private static Properties settings(Path directory, int listener, int controller) {
        Properties settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", Integer.toString(NODE));
        settings.setProperty(
                "listeners", "CLIENT://" + HOST + ":" + listener + ",CONTROLLER://" + HOST + ":" + controller);
        settings.setProperty("advertised.listeners", "CLIENT://" + HOST + ":" + listener);
        settings.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.setProperty("inter.broker.listener.name", "CLIENT");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty("controller.quorum.voters", NODE + "@" + HOST + ":" + controller);
        settings.setProperty("log.dirs", directory.toString());
        singleNode(settings);
        fastStart(settings);
        return settings;
    }

    private static void singleNode(Properties settings) {
        settings.setProperty("default.replication.factor", "1");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("offsets.topic.num.partitions", "4");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("transaction.state.log.num.partitions", "4");
        settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
        settings.setProperty("auto.create.topics.enable", "false");
    }

    private static void fastStart(Properties settings) {
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        settings.setProperty("broker.session.timeout.ms", "1500");
        settings.setProperty("broker.heartbeat.interval.ms", "250");
        settings.setProperty("controlled.shutdown.enable", "false");
        settings.setProperty("log.cleaner.dedupe.buffer.size", "16777216");
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "4");
    }

    private static void format(Path directory, String clusterId) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(clusterId)
                .setNodeId(NODE)
                .setControllerListenerName("CONTROLLER")
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(directory.toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true)
                .run();
    }

    /** The identity of the cluster outlives the process, or the broker would refuse its own data. */
    private static String clusterId(Path directory) throws IOException {
        Path file = directory.resolve(CLUSTER_ID_FILE);
        if (Files.exists(file)) {
            return Files.readString(file).trim();
        }
        String id = Uuid.randomUuid().toString();
        Files.writeString(file, id);
        return id;
    }

    private static int freePort() {
        return bind(0);
    }

    private static int available(int port) {
        try {
            return bind(port);
        } catch (UncheckedIOException e) {
            throw new BrokerStartException(
                    "port " + port + " on " + HOST + " is taken; free it, or choose another by reflux.broker.port"
                            + " (0 takes any free one)",
                    e);
        }
    }

    private static int bind(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(HOST, port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
