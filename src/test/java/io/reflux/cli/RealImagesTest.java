package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.console.CommandException;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.StudentRecipe;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RealImagesTest {
    private static final ImageShape POINT = new ImageShape(1, 1, 1);
    private static final List<String> CLASSES = List.of("day", "night");

    /** 400 of each class. */
    private static final ImageSet IMAGES = new ImageSet(
            POINT,
            CLASSES,
            new byte[800],
            IntStream.range(0, 800).map(i -> i % 2).toArray());

    @Test
    void asManyAsAreAskedFor() {
        assertThat(RealImages.of(IMAGES, set(2, 1), 2, 1).size()).isEqualTo(4);
    }

    @Test
    void atLeastAsManyAsTheSetHas() {
        assertThat(RealImages.of(IMAGES, set(2, 1), null, 1).size()).isEqualTo(600);
        assertThat(RealImages.of(IMAGES, set(1, 310), null, 1).size()).isEqualTo(620);
    }

    @Test
    void fewerThanTheSetHasAreRefused() {
        assertThatThrownBy(() -> RealImages.of(IMAGES, set(1, 310), 309, 1))
                .isInstanceOf(CommandException.class)
                .hasMessage("--per-class is 309, fewer than the 310 images of a class that the set has");
        assertThatThrownBy(() -> RealImages.check(0)).isInstanceOf(CommandException.class);
    }

    private static DistilledSet set(int days, int nights) {
        float[] labels = new float[2 * (days + nights)];
        for (int i = 0; i < days + nights; i++) {
            labels[2 * i + (i < days ? 0 : 1)] = 1;
        }
        return new DistilledSet(
                POINT,
                CLASSES,
                new ChannelNormalisation(new float[] {0.5f}, new float[] {0.25f}),
                new float[days + nights],
                labels,
                new StudentRecipe(0.01, 0.9, 5e-4, 5, 16, AugmentationFamily.all(), new NetworkSettings(4, 2)));
    }
}
