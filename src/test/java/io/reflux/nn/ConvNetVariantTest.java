package io.reflux.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.image.ImageShape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvNetVariantTest {
    @Test
    void hasSevenHundredAndTwentyMembersWithNamesOfTheirOwn() {
        List<String> names =
                ConvNetVariant.all().stream().map(ConvNetVariant::name).toList();

        assertThat(names)
                .hasSize(720)
                .doesNotHaveDuplicates()
                .startsWith("w32-d1-sigmoid-none-none", "w32-d1-sigmoid-none-max", "w32-d1-sigmoid-none-avg")
                .contains("w128-d3-relu-instance-avg")
                .endsWith("w256-d4-leaky-group-max", "w256-d4-leaky-group-avg");
    }

    @ParameterizedTest
    @CsvSource({
        // convolution, norm, classifier
        "w32-d1-relu-none-none,      3, 32,  328586", // 896 + 0 + 32·1024·10 + 10
        "w32-d1-relu-layer-none,     3, 32,  394122", // and 2·32·1024 of the norm
        "w64-d2-sigmoid-batch-max,   3, 32,   79946", // 1792 + 36928, 2·128, 64·64·10 + 10
        "w128-d3-relu-instance-avg,  3, 32,  320010", // the published ConvNet
        "w256-d4-leaky-group-none,   3, 32, 4400906", // 7168 + 3·590080, 4·512, 256·1024·10 + 10
        "w32-d3-relu-instance-avg,   1, 28,   24138", // 28 padded to 32: 320 + 2·9248, 3·64, 32·16·10 + 10
        "w32-d1-relu-layer-avg,      1, 28,  147786" // 320, 2·32·1024, 32·256·10 + 10
    })
    void hasTheParametersCountedByHand(String name, int channels, int side, int parameters) {
        VariantConvNet network = named(name).network(new ImageShape(channels, side, side), 10);

        assertThat(network.layout().size()).isEqualTo(parameters);
    }

    @Test
    void countsTheMultiplicationsOfAnImage() {
        VariantConvNet network = named("w32-d2-relu-none-avg").network(new ImageShape(3, 32, 32), 10);

        assertThat(network.multiplications()).isEqualTo(9L * 3 * 32 * 1024 + 9L * 32 * 32 * 256 + 32L * 64 * 10);
    }

    @Test
    void refusesImagesThatItPoolsDownToNothing() {
        assertThatThrownBy(() -> named("w32-d4-relu-none-max").network(new ImageShape(3, 8, 8), 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("w32-d4-relu-none-max")
                .hasMessageContaining("3,8,8");
        assertThat(named("w32-d4-relu-none-none")
                        .network(new ImageShape(3, 8, 8), 10)
                        .layout()
                        .size())
                .isPositive();
    }

    @Test
    void refusesAWidthThatTheFamilyHasNot() {
        assertThatThrownBy(() -> new ConvNetVariant(48, 3, Nonlinearity.RELU, Norm.NONE, Pooling.MAX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("48");
    }

    private static ConvNetVariant named(String name) {
        return ConvNetVariant.all().stream()
                .filter(variant -> variant.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
