package io.reflux.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.image.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Depth and size of the ConvNets in the literature. */
class ConvNetTest {
    @ParameterizedTest
    @CsvSource({
        "32, 32, 3",
        "64, 64, 4",
        "128, 128, 5",
        // Padded to 32 by the first convolution.
        "28, 28, 3",
        // ⌊log₂⌋ of what is no power of two.
        "27, 27, 2",
        "31, 31, 2",
        "63, 63, 3",
        "96, 96, 4",
        "127, 127, 4",
        "224, 224, 5",
        // The shorter side.
        "128, 32, 3",
        "32, 128, 3",
        // At least one block.
        "16, 16, 2",
        "8, 8, 1",
        "4, 4, 1",
        "2, 2, 1"
    })
    void depthFollowsTheSide(int height, int width, int depth) {
        assertThat(ConvNet.depthFor(new ImageShape(3, height, width))).isEqualTo(depth);
    }

    @ParameterizedTest
    @CsvSource({
        // Depths by resolution.
        "3,  32,  10, 128, 0,   320010",
        "3,  32, 100, 128, 0,   504420",
        "1,  28,  10, 128, 0,   317706",
        "3,  64, 200, 128, 0,   857160",
        "3, 128,  10, 128, 0,   615690",
        // Given depths.
        "3,  32,  10, 128, 2,   233610",
        "3,  32,  10, 128, 3,   320010",
        "3,  32,  10, 128, 4,   452490",
        "3,  32,  10, 128, 5,   596490",
        "3,  32,  10,  32, 3,    24714",
        "3,  32,  10,  64, 3,    86282",
        "3,  32,  10, 256, 3,  1229834"
    })
    void hasThePublishedNumberOfParameters(int channels, int side, int classes, int width, int depth, int parameters) {
        ConvNet network = new ConvNet(new ImageShape(channels, side, side), classes, width, depth);

        assertThat(network.layout().size()).isEqualTo(parameters);
    }

    @Test
    void refusesADepthThatPoolsTheImageDownToNothing() {
        ImageShape shape = new ImageShape(3, 16, 16);

        assertThat(new ConvNet(shape, 10, 4, 4).layout().size()).isPositive();
        assertThatThrownBy(() -> new ConvNet(shape, 10, 4, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("depth 5")
                .hasMessageContaining("3,16,16");
    }
}
