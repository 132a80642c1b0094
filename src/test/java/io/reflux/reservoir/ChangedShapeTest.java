package io.reflux.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.config.Configurations;
import io.reflux.config.FeedSettings;
import io.reflux.image.ImageShape;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.sample.Identity;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.Scale;
import io.reflux.wire.SettingsRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChangedShapeTest {
    private static final ImageShape GRAY = new ImageShape(1, 4, 4);
    private static final ImageShape COLOUR = new ImageShape(3, 4, 4);
    private static final ChannelNormalisation OF_GRAY =
            new ChannelNormalisation(new float[] {0.5f}, new float[] {0.25f});

    @Test
    void imagesOfANewlyDeclaredShapeAreSettledAndNormalisedAnew() {
        List<SettingsRecord> written = new ArrayList<>();
        FeedSample before = new FeedSample(settings(Map.of()), 0, written::add);
        before.merge(images(0, 20, GRAY));
        SampleSnapshot first = before.snapshot().orElseThrow();
        before.settle(OF_GRAY);
        SettingsRecord settled = written.get(written.size() - 1);

        FeedSample after = new FeedSample(settings(Map.of("reflux.feeds.f.shape", "3,4,4")), 0, written::add);
        after.settled(settled);
        after.merge(images(0, 20, GRAY));
        after.merge(images(20, 26, COLOUR));
        SampleSnapshot second = after.snapshot().orElseThrow();

        assertThat(first.shape()).isEqualTo(GRAY);
        assertThat(settled.normalisation()).isEqualTo(Scale.of(OF_GRAY));
        assertThat(second.shape()).isEqualTo(COLOUR);
        assertThat(second.sample().size() + second.heldOut().size()).isEqualTo(6);
        assertThat(second.otherShapes()).isEqualTo(20);
        assertThat(second.normalisation()).isEmpty();
        assertThat(written.get(written.size() - 1).shape()).isEqualTo(COLOUR);
        assertThat(written.get(written.size() - 1).normalisation()).isNull();
    }

    private static FeedSettings settings(Map<String, String> properties) {
        return FeedSettings.of(Configurations.of(properties), "f");
    }

    private static List<KeptImage> images(int from, int to, ImageShape shape) {
        return IntStream.range(from, to)
                .mapToObj(number -> {
                    byte[] pixels = new byte[shape.size()];
                    new Random(number).nextBytes(pixels);
                    ReservoirKey.OfImage key =
                            new ReservoirKey.OfImage("f", "class-" + number % 2, Identity.ofOffset("t", 0, number));
                    return new KeptImage(key, shape, pixels, number, number, false, "other");
                })
                .toList();
    }
}
