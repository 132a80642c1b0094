package io.reflux.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.image.ImageShape;
import io.reflux.sample.Identity;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;

final class ReservoirRecordProperties {
    private static final RecursiveComparisonConfiguration BY_VALUE = new RecursiveComparisonConfiguration();

    @Property(tries = 100)
    void keptImagesReadBack(
            @ForAll @AlphaChars @StringLength(min = 1, max = 9) String label,
            @ForAll double priority,
            @ForAll long timestamp,
            @ForAll boolean heldOut,
            @ForAll @IntRange(min = 1, max = 9) int side)
            throws WireException {
        Assume.that(!Double.isNaN(priority));
        ImageShape shape = new ImageShape(3, side, side + 1);
        byte[] pixels = new byte[shape.size()];
        new Random(side).nextBytes(pixels);
        ReservoirKey.OfImage key = new ReservoirKey.OfImage("feed/1", label, Identity.ofEvent("a/b", "ü", "t"));
        KeptImage image = new KeptImage(key, shape, pixels, priority, timestamp, heldOut, "0123456789abcdef");

        ReservoirRecord read = reread(image);

        assertThat(read).usingRecursiveComparison(BY_VALUE).isEqualTo(image);
    }

    @Property(tries = 100)
    void countsReadBack(
            @ForAll @LongRange(min = 0) long offset,
            @ForAll @LongRange(min = 0) long images,
            @ForAll @IntRange(min = 0, max = 99) int partition)
            throws WireException {
        ProgressRecord progress = new ProgressRecord(
                new ReservoirKey.OfProgress("feed 1", partition), offset, images, 7, Map.of("label-missing", 3L));

        assertThat(reread(progress)).isEqualTo(progress);
    }

    @Example
    void settingsReadBackBeforeAndAfterTheyAreSettled() throws WireException {
        ReservoirKey.OfSettings key = new ReservoirKey.OfSettings("feed");
        SettingsRecord before = new SettingsRecord(key, "00", null, List.of(), null, 300, 0, 0.1);
        SettingsRecord after = new SettingsRecord(
                key,
                "00",
                new ImageShape(3, 32, 32),
                List.of("Straße", "a b"),
                new ChannelScale(new float[] {0.1f, 0.2f, 0.3f}, new float[] {0.4f, 0.5f, 0.6f}),
                300,
                60_000,
                0.1);

        SettingsRecord whitened = new SettingsRecord(
                key,
                "00",
                new ImageShape(3, 32, 32),
                List.of("a"),
                new ZcaScale("zca", 0.1f, "ab".repeat(32), List.of()),
                300,
                0,
                0.1);

        assertThat(reread(whitened)).isEqualTo(whitened);
        assertThat(reread(before)).usingRecursiveComparison(BY_VALUE).isEqualTo(before);
        assertThat(reread(after)).usingRecursiveComparison(BY_VALUE).isEqualTo(after);
    }

    @Example
    void everyTruncatedKeptImageIsRefused() {
        ReservoirKey.OfImage key = new ReservoirKey.OfImage("f", "l", Identity.ofOffset("t", 0, 1));
        byte[] whole = new KeptImage(key, new ImageShape(1, 2, 2), new byte[4], 0.5, 1, false, "00").value();

        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ReservoirRecord.parse(key, part))
                    .as("%d bytes", length)
                    .isInstanceOf(WireException.class);
        }
    }

    @Example
    void keysOfOtherKindsAreNone() {
        for (String key : List.of("feed", "feed/image/l", "feed/progress/x", "feed/other", "%", "f/image/l/me")) {
            assertThat(ReservoirKey.parse(key)).as(key).isEmpty();
        }
    }

    private static ReservoirRecord reread(ReservoirRecord record) throws WireException {
        ReservoirKey key = ReservoirKey.parse(record.key().key().text()).orElseThrow();
        return ReservoirRecord.parse(key, record.value());
    }
}
