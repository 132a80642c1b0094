package io.reflux.cli;

import io.quarkus.runtime.Quarkus;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The service in this process. */
final class ServiceProcess {
    private ServiceProcess() {}

    /**
     * Runs the service until the task ends or the process is told to.
     *
     * @param properties configuration, stronger than any other source
     * @throws Exception what kept the service from starting, or what the task threw
     */
    static void run(Map<String, String> properties, HostedTask.Task task) throws Exception {
        properties.forEach(System::setProperty);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        HostedTask.next(() -> {
            try {
                task.run();
            } catch (Exception e) {
                failure.set(e);
            }
        });
        Quarkus.run(HostedTask.class, (code, cause) -> {
            if (cause != null && failure.get() == null) {
                failure.set(StartFailures.of(cause));
            }
        });
        Exception problem = failure.get();
        if (problem != null) {
            throw problem;
        }
    }
}
