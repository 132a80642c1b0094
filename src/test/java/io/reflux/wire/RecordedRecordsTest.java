package io.reflux.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reflux.format.Safetensors;
import io.reflux.image.ImageShape;
import io.reflux.sample.Identity;
import io.reflux.wire.RecordedRecords.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bytes of the first version, read by this one; and this one's, as the first version would see them. */
final class RecordedRecordsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] PIXELS = {0, 50, 100, (byte) 150, (byte) 200, (byte) 250};

    @Test
    void readsTheSamplesOfTheFirstVersion() throws Exception {
        List<ReservoirRecord> records = new ArrayList<>();
        for (Recorded recorded : RecordedRecords.ofFirstVersion("reservoir")) {
            records.add(ReservoirRecord.parse(ReservoirKey.parse(recorded.key()).orElseThrow(), recorded.value()));
        }

        KeptImage event = (KeptImage) records.get(0);
        assertThat(event.identity()).isEqualTo(Identity.ofEvent("/camera/1", "image-1", "2026-01-01T00:00:01Z"));
        assertThat(event.label()).isEqualTo("Straße/a");
        assertThat(event.shape()).isEqualTo(new ImageShape(1, 2, 3));
        assertThat(event.pixels()).isEqualTo(PIXELS);
        assertThat(event.priority()).isEqualTo(-1.25);
        assertThat(event.timestamp()).isEqualTo(1767225601000L);
        assertThat(event.device()).isNull();
        assertThat(event.incarnation()).isEmpty();
        assertThat(((KeptImage) records.get(1)).heldOut()).isTrue();
        assertThat(records.get(2))
                .isEqualTo(new ProgressRecord(
                        new ReservoirKey.OfProgress("cars", 3), 9, 8, 48, Map.of("label-missing", 1L)));
        SettingsRecord settings = (SettingsRecord) records.get(3);
        assertThat(settings.classes()).containsExactly("Straße/a", "b");
        assertThat(settings.normalisation()).isEqualTo(new ChannelScale(new float[] {0.5f}, new float[] {0.25f}));
        assertThat(settings.incarnation()).isEmpty();
    }

    @Test
    void showsTheFirstVersionAllThatItKnows() throws Exception {
        for (Recorded recorded : RecordedRecords.ofFirstVersion("reservoir")) {
            ReservoirRecord read =
                    ReservoirRecord.parse(ReservoirKey.parse(recorded.key()).orElseThrow(), recorded.value());

            if (read instanceof KeptImage image) {
                KeptImage sent = new KeptImage(
                        image.key(),
                        image.shape(),
                        image.pixels(),
                        image.priority(),
                        image.timestamp(),
                        image.heldOut(),
                        image.epoch(),
                        Device.of("camera-1"),
                        "second");
                Safetensors before = Safetensors.decode(recorded.value());
                Safetensors after = Safetensors.decode(sent.value());
                assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
                Map<String, String> known = new HashMap<>(after.metadata());
                assertThat(known.remove("device")).isEqualTo("camera-1");
                assertThat(known.remove("incarnation")).isEqualTo("second");
                assertThat(known.put("format-version", "1")).isEqualTo("2");
                assertThat(known).isEqualTo(before.metadata());
            } else {
                ObjectNode after = (ObjectNode) JSON.readTree(read.value());
                assertThat(after.remove("format").asText()).endsWith("/2");
                assertThat((JsonNode) after).isEqualTo(JSON.readTree(recorded.value()));
            }
        }
    }

    @Test
    void readsTheGenerationOfTheFirstVersion() throws Exception {
        Map<String, byte[]> records = new HashMap<>();
        RecordedRecords.ofFirstVersion("distilled").forEach(recorded -> records.put(recorded.key(), recorded.value()));

        Pointer pointer = Pointer.fromBytes(records.get("cars"));
        Manifest manifest = Manifest.fromBytes(records.get("cars/1"));
        List<byte[]> shards = manifest.shards().stream()
                .map(shard -> records.get(shard.key()))
                .toList();

        assertThat(pointer.manifest()).isEqualTo(Sha256.hex(records.get("cars/1")));
        assertThat(manifest.descent()).isEqualTo(Lineage.NONE);
        assertThat(manifest.toBytes()).isEqualTo(records.get("cars/1"));
        assertThat(Shard.assemble(manifest.shards(), shards, null).images()).containsOnly(1.5f);
    }

    @Test
    void readsTheRoundsOfTheFirstVersionAndWritesThemAlike() throws Exception {
        for (Recorded recorded : RecordedRecords.ofFirstVersion("rounds")) {
            RoundEvent event = RoundEvent.fromBytes(recorded.value());

            assertThat(event.feed()).isEqualTo("cars");
            assertThat(event.toBytes()).isEqualTo(recorded.value());
        }
    }

    @Test
    void refusesVersionsThatAreStillToCome() throws Exception {
        KeptImage image = new KeptImage(
                new ReservoirKey.OfImage("f", "l", Identity.ofOffset("t", 0, 1)),
                new ImageShape(1, 2, 3),
                PIXELS,
                0.5,
                1,
                false,
                "00");
        Safetensors written = Safetensors.decode(image.value());
        Map<String, String> later = new HashMap<>(written.metadata());
        later.put("format-version", "3");
        byte[] value = new Safetensors(written.tensors(), later).encode();

        assertThatThrownBy(() -> ReservoirRecord.parse(image.key(), value))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("version '3'");
        for (ReservoirRecord record : List.of(
                new ProgressRecord(new ReservoirKey.OfProgress("f", 0), 1, 1, 1, Map.of()),
                new ErasureRecord(ReservoirKey.OfErasure.of("f", Device.of("d")), Instant.EPOCH, null),
                new ResetRecord(new ReservoirKey.OfReset("f"), "second", Instant.EPOCH, true, Map.of()))) {
            ObjectNode document = (ObjectNode) JSON.readTree(record.value());
            document.put("format", document.get("format").asText() + "0");

            assertThatThrownBy(() -> ReservoirRecord.parse(record.key(), JSON.writeValueAsBytes(document)))
                    .isInstanceOf(WireException.class)
                    .hasMessageContaining("0'");
        }
    }

    @Test
    void readsBackWhatIsToBeForgotten() throws Exception {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        for (ReservoirRecord record : List.of(
                new ErasureRecord(ReservoirKey.OfErasure.of("f/1", Device.of("camera 1")), noon, noon),
                new ErasureRecord(ReservoirKey.OfErasure.of("f/1", Identity.ofEvent("a/b", "ü", "t")), noon, null),
                new ResetRecord(new ReservoirKey.OfReset("f/1"), "second", noon, true, Map.of(0, 7L, 1, 0L)))) {
            ReservoirKey key = ReservoirKey.parse(record.key().key().text()).orElseThrow();

            assertThat(ReservoirRecord.parse(key, record.value())).isEqualTo(record);
        }
        Pin pin = Pin.of("f/1", 3, noon);
        assertThat(Pin.fromBytes(pin.toBytes())).isEqualTo(pin);
        assertThat(pin.key().text()).isEqualTo("f%2F1/pin/3");
    }

    @Test
    void knowsADeviceByItsKeyAndByItsSource() {
        Identity event = Identity.ofEvent("/camera/1", "image-1", "t");
        Identity place = Identity.ofOffset("topic", 0, 1);
        ErasureRecord camera =
                new ErasureRecord(ReservoirKey.OfErasure.of("f", Device.of("/camera/1")), Instant.EPOCH, null);
        ErasureRecord early = new ErasureRecord(camera.key(), Instant.EPOCH, Instant.ofEpochMilli(1_000));

        assertThat(camera.covers(event, null, 5)).isTrue();
        assertThat(camera.covers(place, Device.of("/camera/1"), 5)).isTrue();
        assertThat(camera.covers(place, null, 5)).isFalse();
        assertThat(camera.covers(Identity.ofEvent("/camera/2", "image-1", "t"), Device.of("x"), 5))
                .isFalse();
        assertThat(early.covers(event, null, 1_000)).isTrue();
        assertThat(early.covers(event, null, 1_001)).isFalse();
        assertThat(Device.of(new byte[] {(byte) 0xff, '/'}).text()).isEqualTo("%FF%2F");
        assertThat(Device.of("x".repeat(5_000)).text()).startsWith("sha-256/").hasSize(72);
    }
}
