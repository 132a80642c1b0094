package io.reflux.cli;

import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import io.reflux.console.ClientFile;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.DataOptions;
import io.reflux.console.Terminal;
import io.reflux.console.WorkFolder;
import io.reflux.image.ImageSet;
import io.reflux.kafka.KafkaConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The service, until it is stopped. */
@Command(
        name = "serve",
        sortOptions = false,
        description = {
            "Runs the service until Ctrl-C.",
            "It collects images, keeps samples, distils them and answers over HTTP.",
            "Without a Kafka cluster it has a broker of its own, on 127.0.0.1:9092, whose data it keeps."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux serve --demo                                     with a feed of its own, to look at",
            "  reflux serve                                            with its own broker",
            "  reflux serve --bootstrap kafka1:9092,kafka2:9092        on a cluster",
            "  reflux serve --bootstrap kafka1:9092 --roles collector  one role only",
            "  reflux serve --kafka-config client.properties           on a cluster with TLS and SASL",
            "  reflux serve --set reflux.sample.per-class=500 --set reflux.distillation.images-per-class=10",
            "",
            "Every reflux.* property can be given by --set, by the environment (REFLUX_SAMPLE_PER_CLASS=500)",
            "or in config/application.properties where the service runs."
        })
final class ServeCommand extends ConsoleCommand {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "The Kafka cluster (kafka.bootstrap.servers); without one the service has its own broker.")
    private @Nullable String bootstrap;

    @Mixin
    private ClientFile client = new ClientFile();

    @Option(
            names = "--roles",
            paramLabel = "ROLES",
            description = "What this process does: any of collector,distillery,api (reflux.roles; default: all).")
    private @Nullable String roles;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port for HTTP (quarkus.http.port; default: 8080; 0 takes a free one).")
    private @Nullable Integer port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address for HTTP (quarkus.http.host; default: 127.0.0.1, this machine only).")
    private @Nullable String host;

    @Option(
            names = "--data-directory",
            paramLabel = "DIR",
            description = "Where the broker, trajectories and checkpoints live (reflux.data.directory; default: data).")
    private @Nullable Path directory;

    @Option(
            names = "--set",
            paramLabel = "PROPERTY=VALUE",
            description = "Any property of the configuration; may be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @ArgGroup(exclusive = false, heading = "%nTo look at it without images of one's own:%n")
    private @Nullable DemoFeedOptions demo;

    @Override
    protected void run(Terminal terminal) throws Exception {
        if (demo == null || !demo.wanted()) {
            ServiceProcess.run(configuration(), Quarkus::waitForExit);
        } else {
            runWithFeed(demo, terminal);
        }
    }

    private void runWithFeed(DemoFeedOptions options, Terminal terminal) throws Exception {
        options.check();
        ImageSet images =
                DataOptions.load(options.data(), terminal, options.seed()).train();
        try (WorkFolder folder = WorkFolder.of(directory)) {
            Map<String, String> small = options.configuration(images.classes().size());
            small.put("reflux.data.directory", folder.path().toAbsolutePath().toString());
            ServiceProcess.run(configuration(small), () -> feed(options, images, terminal));
        }
    }

    private static void feed(DemoFeedOptions options, ImageSet images, Terminal terminal) {
        KafkaConnection kafka = Arc.container().instance(KafkaConnection.class).get();
        DriftingImages stream = new DriftingImages(images, options.drift(), options.seed());
        int stock = DemoFeedOptions.stock(images.classes().size());
        DemoFeed feed =
                new DemoFeed(kafka.clientProperties(), kafka.names(), stream, images.shape(), stock, options.rate());
        try {
            terminal.print("the dashboard: " + address() + "#" + DemoFeed.NAME + " (Ctrl-C ends all of it)");
            Quarkus.waitForExit();
        } finally {
            feed.close();
        }
    }

    private static URI address() {
        Config config = ConfigProvider.getConfig();
        String host = config.getValue("quarkus.http.host", String.class);
        return URI.create("http://" + host + ":" + config.getValue("quarkus.http.port", Integer.class) + "/");
    }

    Map<String, String> configuration() {
        return configuration(Map.of());
    }

    /**
     * Stronger than all other configuration; what the file holds is literal, however it looks.
     *
     * @param weaker what holds where the command line says nothing
     */
    Map<String, String> configuration(Map<String, String> weaker) {
        Map<String, String> configuration = new LinkedHashMap<>(weaker);
        client.properties().forEach((name, value) -> configuration.put("kafka." + name, value.replace("${", "\\${")));
        configuration.putAll(properties);
        put(configuration, "kafka.bootstrap.servers", bootstrap);
        put(configuration, "reflux.roles", roles);
        put(configuration, "quarkus.http.port", port);
        put(configuration, "quarkus.http.host", host);
        put(configuration, "reflux.data.directory", directory);
        if (isQuiet()) {
            configuration.put("quarkus.log.level", "WARN");
            configuration.put("quarkus.log.category.\"io.quarkus\".level", "WARN");
            configuration.put("quarkus.banner.enabled", "false");
        }
        if (!traces()) {
            // what keeps the service from starting is told in one sentence instead
            configuration.put("quarkus.log.console.filter", StartFailureFilter.NAME);
        }
        return configuration;
    }

    private static void put(Map<String, String> configuration, String property, @Nullable Object value) {
        if (value != null) {
            configuration.put(property, value.toString());
        }
    }
}
