package io.reflux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ImageSetTest {
    private static final ImageShape SHAPE = new ImageShape(1, 1, 2);
    private static final List<String> CLASSES = List.of("a", "b");
    private static final ImageSet SET =
            new ImageSet(SHAPE, CLASSES, new byte[] {0, 1, 10, 11, 20, 21, 30, 31, 40, 41}, new int[] {0, 1, 0, 0, 1});

    @Test
    void selectsImagesWithTheirLabels() {
        ImageSet selected = SET.select(new int[] {4, 2, 4});

        assertThat(selected.pixels()).containsExactly(40, 41, 20, 21, 40, 41);
        assertThat(selected.labels()).containsExactly(1, 0, 1);
        assertThat(selected.image(1)).containsExactly(20, 21);
    }

    @Test
    void findsTheImagesOfAClass() {
        assertThat(SET.indicesOf(0)).containsExactly(0, 2, 3);
    }

    @Test
    void drawsAtMostTheLimitOfEachClassByTheSeed() {
        ImageSet drawn = SET.perClass(2, 7);

        assertThat(drawn.labels()).hasSize(4);
        assertThat(drawn.indicesOf(0)).hasSize(2);
        assertThat(SET.perClass(2, 7).pixels()).isEqualTo(drawn.pixels());
        assertThat(SET.perClass(9, 7).pixels()).isEqualTo(SET.pixels());
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageSet(SHAPE, CLASSES, new byte[3], new int[2]));
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageSet(SHAPE, CLASSES, new byte[2], new int[] {2}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageSet(SHAPE, List.of("a", "a"), new byte[2], new int[] {0}));
    }
}
