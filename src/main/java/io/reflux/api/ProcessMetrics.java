package io.reflux.api;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.reflux.config.RefluxConfig;
import io.reflux.config.Role;
import io.reflux.intake.Collector;
import io.reflux.intake.ImagesLag;
import io.reflux.kafka.Transactions;
import io.reflux.nn.Compute;
import io.reflux.rounds.Distillery;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.ToLongFunction;

/** Meters of this process that are of no feed: lag, acknowledgements, transactions, memory. */
@Singleton
class ProcessMetrics {
    private static final String BYTES = "bytes";
    private static final String DEVICE = "device";
    private final RefluxConfig config;
    private final MeterRegistry registry;
    private final Collector collector;
    private final Distillery distillery;
    private final ImagesLag lag;
    private final Compute compute;
    private final MultiGauge lags;
    private final MultiGauge used;
    private final MultiGauge limits;

    @Inject
    ProcessMetrics(
            RefluxConfig config,
            MeterRegistry registry,
            Collector collector,
            Distillery distillery,
            ImagesLag lag,
            Compute compute) {
        this.config = config;
        this.registry = registry;
        this.collector = collector;
        this.distillery = distillery;
        this.lag = lag;
        this.compute = compute;
        this.lags = MultiGauge.builder("reflux.lag.images")
                .description("Images of a partition that wait to be taken")
                .register(registry);
        this.used = MultiGauge.builder("reflux.device.memory")
                .description("Memory in use: of the process, and of the GPU it computes on")
                .baseUnit(BYTES)
                .register(registry);
        this.limits = MultiGauge.builder("reflux.device.memory.limit")
                .description("Memory there is: of the machine or container, and of the GPU")
                .baseUnit(BYTES)
                .register(registry);
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(Role.COLLECTOR)) {
            Gauge.builder("reflux.unacknowledged", collector, Collector::waitingSeconds)
                    .description("How long the broker has owed the collector an acknowledgement")
                    .baseUnit("seconds")
                    .register(registry);
        }
        if (config.roles().contains(Role.DISTILLERY)) {
            for (Transactions.Outcome outcome : Transactions.Outcome.values()) {
                FunctionCounter.builder("reflux.transactions", distillery, ended -> ended.transactions(outcome))
                        .description("Transactions that publish or arrange generations, by how they ended")
                        .tag("outcome", outcome.text())
                        .register(registry);
            }
        }
    }

    @Scheduled(
            every = "5s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void refresh() {
        lag.look();
        lags.register(lag.byPartition().keySet().stream().map(this::lag).toList());
        used.register(memory(ResidentMemory::bytes, MemoryUsage::getUsed));
        limits.register(memory(ResidentMemory::limit, MemoryUsage::getMax));
    }

    private MultiGauge.Row<?> lag(int partition) {
        return MultiGauge.Row.of(Tags.of("partition", Integer.toString(partition)), lag, last -> last.byPartition()
                .getOrDefault(partition, 0L));
    }

    private List<MultiGauge.Row<?>> memory(DoubleSupplier process, ToLongFunction<MemoryUsage> gpu) {
        MultiGauge.Row<?> own = MultiGauge.Row.of(Tags.of(DEVICE, "cpu"), process, DoubleSupplier::getAsDouble);
        if (compute.gpuMemory().isEmpty()) {
            return List.of(own);
        }
        return List.of(own, MultiGauge.Row.of(Tags.of(DEVICE, "gpu"), compute, on -> on.gpuMemory()
                .map(memory -> (double) gpu.applyAsLong(memory))
                .orElse(Double.NaN)));
    }
}
