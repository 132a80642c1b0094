package io.reflux.faults;

import io.reflux.kafka.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** A broker as a process of its own, until it is killed: directory, port, then settings of the server as name=value. */
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> settings = Arrays.stream(arguments)
                .skip(2)
                .map(setting -> setting.split("=", 2))
                .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), settings)) {
            System.out.println("serving at " + broker.bootstrapServers());
            new CountDownLatch(1).await();
        }
    }
}
