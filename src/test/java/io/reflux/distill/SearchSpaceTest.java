package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.nn.ConvNetVariant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSpaceTest {
    @Test
    void keepsTheNetworksWhoseFeaturesAreNamed() {
        SearchSpace space = SearchSpace.parse("width=32,64; depth=2; Norm=instance ;activation=leaky;pooling=avg");

        assertThat(names(space)).containsExactly("w32-d2-leaky-instance-avg", "w64-d2-leaky-instance-avg");
    }

    @Test
    void isTheWholeFamilyWithoutARestriction() {
        assertThat(SearchSpace.parse("").networks()).isEqualTo(ConvNetVariant.all());
        assertThat(SearchSpace.whole().networks()).isEqualTo(ConvNetVariant.all());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "width=48         | there is no width '48' among the networks; there are 32, 64, 128, 256",
                "norm=rms         | there are none, batch, layer, instance, group",
                "heads=2          | 'heads=2' restricts no feature of the networks",
                "width            | 'width' restricts no feature of the networks",
                "depth=1;depth=2  | no network is all that 'depth=1;depth=2' asks for"
            })
    void refusesWhatTheFamilyHasNot(String restriction, String complaint) {
        assertThatThrownBy(() -> SearchSpace.parse(restriction))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void drawsTheSameNetworksForTheSameSeedInTheFamilysOrder() {
        List<String> drawn = names(SearchSpace.whole().draw(30, 5));

        assertThat(drawn)
                .hasSize(30)
                .doesNotHaveDuplicates()
                .isEqualTo(names(SearchSpace.whole().draw(30, 5)));
        assertThat(drawn).isNotEqualTo(names(SearchSpace.whole().draw(30, 6)));
        assertThat(names(SearchSpace.whole())).containsSubsequence(drawn);
    }

    @Test
    void aLargerDrawHoldsASmallerOne() {
        assertThat(SearchSpace.whole().draw(40, 5).networks())
                .containsAll(SearchSpace.whole().draw(12, 5).networks());
    }

    @Test
    void refusesToDrawMoreThanThereAre() {
        assertThatThrownBy(() -> SearchSpace.parse("width=32;depth=1").draw(46, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot draw 46 networks from a space of 45");
    }

    private static List<String> names(SearchSpace space) {
        return space.networks().stream().map(ConvNetVariant::name).toList();
    }
}
