package io.reflux.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever is killed in mid-stream, the sample is the bottom k of all records and the counts are exact. */
final class CrashIT {
    private static final long SEED = 20_260_101;
    private static final int SERVICE_KILLS = Laboratory.FULL ? 100 : 20;
    private static final int BROKER_KILLS = Laboratory.FULL ? 15 : 3;
    private static final int BOTH_KILLS = Laboratory.FULL ? 10 : 2;

    /** Records a tenth of a second; all of them are in memory in the end. */
    private static final int BURST = Laboratory.FULL ? 25 : 100;

    private static final int MOST_RECORDS = 150;
    private static final int LONGEST_MILLIS = 2_000;

    @RegisterExtension
    static final Laboratory LABORATORY = new Laboratory();

    @Test
    void keepsExactSamplesAndCountsWhateverIsKilled() {
        Random random = new Random(SEED);
        BrokerProcess broker = LABORATORY.broker();
        broker.start();
        broker.awaitServing();
        Installation installation = new Installation(broker, "crash.", List.of("steady", "fading"));
        ServiceProcess service = LABORATORY.service("replica", installation.properties(Map.of()));
        service.start();
        service.awaitReady();
        try (Watching reservoir =
                        new Watching(broker.client(), installation.topics().reservoir(), Installation.PARTITIONS);
                Sending sending = new Sending(broker.client(), installation.source(), BURST).start()) {
            Supplier<String> others = () -> sending.state() + "; the broker " + broker.state();
            for (int i = 0; i < SERVICE_KILLS; i++) {
                killServiceAtRandom(random, service, reservoir, others);
            }
            for (int i = 0; i < BROKER_KILLS; i++) {
                await(random, service, reservoir, others);
                broker.kill();
                broker.start();
            }
            for (int i = 0; i < BOTH_KILLS; i++) {
                await(random, service, reservoir, others);
                broker.kill();
                service.kill();
                service.start();
                broker.start();
            }
            await(random, service, reservoir, others);
            Set<String> acknowledged = sending.stop();
            installation.verify(acknowledged, service);
        }
    }

    /** In three cases of four at some point of its work, else at some time of its start. */
    private static void killServiceAtRandom(
            Random random, ServiceProcess service, Watching reservoir, Supplier<String> others) {
        if (random.nextInt(4) == 0) {
            service.endsWithin(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)));
        } else {
            await(random, service, reservoir, others);
        }
        service.kill();
        service.start();
    }

    private static void await(Random random, ServiceProcess service, Watching reservoir, Supplier<String> others) {
        reservoir.await(reservoir.count() + 1 + random.nextInt(MOST_RECORDS), service, others);
    }
}
