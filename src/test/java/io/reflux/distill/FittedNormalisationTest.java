package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FittedNormalisationTest {
    private static final ImageShape COLOUR = new ImageShape(3, 2, 2);

    @TempDir
    Path directory;

    @Test
    void thoseOfPublishedCodeDoNotDependOnTheSample() throws IOException {
        float[] cifar = normalised(WhiteningSetting.CIFAR_STATISTICS);
        float[] imagenet = normalised(WhiteningSetting.IMAGENET_STATISTICS);

        assertThat(cifar[0]).isCloseTo((51 / 255f - 0.4914f) / 0.2023f, within(1e-6f));
        assertThat(cifar[4]).isCloseTo((102 / 255f - 0.4822f) / 0.1994f, within(1e-6f));
        assertThat(cifar[8]).isCloseTo((204 / 255f - 0.4465f) / 0.2010f, within(1e-6f));
        assertThat(imagenet[0]).isCloseTo((51 / 255f - 0.485f) / 0.229f, within(1e-6f));
        assertThat(imagenet[4]).isCloseTo((102 / 255f - 0.456f) / 0.224f, within(1e-6f));
        assertThat(imagenet[8]).isCloseTo((204 / 255f - 0.406f) / 0.225f, within(1e-6f));
    }

    @Test
    void thoseOfPublishedCodeAreForColourImages() {
        ImageSet grey = new ImageSet(new ImageShape(1, 2, 2), List.of("a"), new byte[8], new int[2]);

        assertThatThrownBy(() -> fitted(WhiteningSetting.CIFAR_STATISTICS).of(grey, null))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("reflux.distillation.whitening is cifar-statistics")
                .hasMessageContaining("1,2,2");
    }

    private float[] normalised(WhiteningSetting setting) throws IOException {
        byte[] pixels = new byte[COLOUR.size()];
        Arrays.fill(pixels, 0, 4, (byte) 51);
        Arrays.fill(pixels, 4, 8, (byte) 102);
        Arrays.fill(pixels, 8, 12, (byte) 204);
        ImageSet sample = new ImageSet(COLOUR, List.of("a"), pixels, new int[1]);
        return fitted(setting).of(sample, null).apply(pixels, COLOUR);
    }

    private FittedNormalisation fitted(WhiteningSetting setting) {
        return new FittedNormalisation(setting, directory, 1, RunMonitor.SILENT);
    }
}
