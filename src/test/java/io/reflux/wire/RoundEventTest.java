package io.reflux.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reflux.wire.RoundEvent.Type;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RoundEventTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void isAStructuredCloudEvent() throws IOException {
        RoundEvent event = new RoundEvent(
                "e1", Type.PROGRESS, "cats & dogs", "r1", NOON, RoundDetail.progress("distilling", 40, 400, 0.5));

        assertThat(JSON.readTree(event.toBytes())).isEqualTo(ManifestTest.golden("round-progress.json"));
        assertThat(event.key().text()).isEqualTo("cats%20%26%20dogs");
    }

    @Test
    void readsEveryTypeItWrites() throws Exception {
        for (Type type : Type.values()) {
            RoundEvent event = RoundEvent.of(
                    type, "feed", "r1", NOON, RoundDetail.cancelled("stopped", true, Map.of("evaluating", 1.5)));

            assertThat(RoundEvent.fromBytes(event.toBytes())).isEqualTo(event);
        }
    }

    @Test
    void leavesOutALossThatIsNone() throws IOException {
        RoundEvent event =
                RoundEvent.of(Type.PROGRESS, "feed", "r1", NOON, RoundDetail.progress("sampling", 0, 0, Double.NaN));

        assertThat(JSON.readTree(event.toBytes()).get("data").has("loss")).isFalse();
    }

    @Test
    void ignoresUnknownFieldsAndTakesAbsentData() throws Exception {
        ObjectNode document = (ObjectNode) ManifestTest.golden("round-progress.json");
        document.put("traceparent", "00-0af7").remove("data");

        assertThat(RoundEvent.fromBytes(JSON.writeValueAsBytes(document)).detail())
                .isEqualTo(RoundDetail.NONE);
    }

    @Test
    void refusesUnknownTypesVersionsAndMissingAttributes() throws IOException {
        refuses("type", "io.reflux.round.paused", "unknown type");
        refuses("dataschema", "urn:reflux:round:2", "urn:reflux:round:2");
        refuses("time", "noon", "not readable");
        refuses("feed", null, "lacks");
        refuses("round", null, "lacks");
    }

    private static void refuses(String field, String value, String sentence) throws IOException {
        ObjectNode document = ((ObjectNode) ManifestTest.golden("round-progress.json")).put(field, value);

        assertThatThrownBy(() -> RoundEvent.fromBytes(JSON.writeValueAsBytes(document)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining(sentence);
    }
}
