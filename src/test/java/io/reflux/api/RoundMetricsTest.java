package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RoundMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final RoundMetrics metrics = new RoundMetrics(registry);

    @Test
    void feedsThatComeAndGoLeaveNoMetersBehind() {
        fail("stays");
        int meters = registry.getMeters().size();

        for (int i = 0; i < 100; i++) {
            fail("feed-" + i);
            metrics.forget("feed-" + i);
        }

        assertThat(registry.getMeters()).hasSize(meters);
        assertThat(metrics.of("feed-1")).isEmpty();
        assertThat(metrics.of("stays")).isPresent();
        assertThat(registry.get("reflux.rounds").tag("feed", "stays").counter().count())
                .isEqualTo(1);
    }

    private void fail(String feed) {
        RoundEvent event = RoundEvent.of(
                Type.FAILED, feed, "r1", Instant.EPOCH, RoundDetail.failed("a test", Map.of("sampling", 1.0)));
        metrics.hear(new String(event.toBytes(), StandardCharsets.UTF_8));
    }
}
