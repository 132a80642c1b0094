package io.reflux.console;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Properties of Kafka clients in a file, as Kafka's own tools take them: secrets stay off the command line. */
public final class ClientFile {
    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            defaultValue = "${env:REFLUX_KAFKA_CONFIG:-}",
            description = "A properties file of Kafka clients (bootstrap.servers, security.protocol, sasl.jaas.config,"
                    + " …), the place for secrets (default: $REFLUX_KAFKA_CONFIG).")
    private String file = "";

    /**
     * The properties in the file; none without a file. What goes wrong never tells a value.
     *
     * @throws CommandException when it cannot be read
     */
    public Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        if (!file.isBlank()) {
            Properties read = read(Path.of(file));
            read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        }
        return properties;
    }

    private static Properties read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw CommandException.usage("--kafka-config names " + path + ", which is no file");
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--kafka-config names " + path + ", which is no properties file: a \\u is not"
                    + " followed by four hexadecimal digits");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
