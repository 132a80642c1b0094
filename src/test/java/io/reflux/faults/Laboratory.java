package io.reflux.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Everything a test of faults starts: ended after it, and shown when it fails. Registered as a static field. */
final class Laboratory implements BeforeAllCallback, AfterAllCallback, TestExecutionExceptionHandler {
    /** Whether the long form was asked for. */
    static final boolean FULL = "full".equals(System.getProperty("reflux.faults"));

    private final List<String> brokerSettings;
    private final List<ChildProcess> processes = new ArrayList<>();
    private Path directory;
    private BrokerProcess broker;

    /** @param brokerSettings of the broker, {@code name=value} */
    Laboratory(String... brokerSettings) {
        this.brokerSettings = List.of(brokerSettings);
    }

    /** The broker of the whole test class; not started by itself. */
    BrokerProcess broker() {
        return broker;
    }

    /** A replica, not started yet; a name names one replica of the whole class. */
    ServiceProcess service(String name, Map<String, String> properties) {
        ServiceProcess service = new ServiceProcess(name, directory, broker.bootstrapServers(), properties);
        processes.add(service);
        return service;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Path parent = Files.createDirectories(Path.of("target", "faults"));
        directory = Files.createTempDirectory(
                        parent, context.getRequiredTestClass().getSimpleName() + "-")
                .toAbsolutePath();
        broker = new BrokerProcess(directory, brokerSettings);
        processes.add(broker);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Collections.reverse(processes);
        processes.forEach(ChildProcess::close);
        context.getExecutionException().ifPresentOrElse(problem -> {}, () -> delete(directory));
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable problem) throws Throwable {
        processes.forEach(process -> System.err.printf("--- %s%n%s%n", process.name(), process.tail()));
        throw problem;
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory.resolve("kafka"))) {
            files.sorted(Collections.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
