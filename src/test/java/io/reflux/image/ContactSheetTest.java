package io.reflux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ContactSheetTest {
    private static final ImageShape SHAPE = new ImageShape(1, 1, 2);

    @Test
    void laysRowsOutOnWhite() throws IOException {
        byte[] sheet = ContactSheet.png(SHAPE, List.of(List.of(new byte[] {1, 2}, new byte[] {3, 4}), List.of()), 2);

        DecodedImage image = new ImageDecoder(10_000).decode("image/png", null, sheet);

        // Two cells of 4 + 2 by two of 2 + 2, and the margin.
        assertThat(image.shape()).isEqualTo(new ImageShape(1, 10, 14));
        assertThat(row(image, 2)).containsExactly(-1, -1, 1, 1, 2, 2, -1, -1, 3, 3, 4, 4, -1, -1);
        assertThat(row(image, 3)).isEqualTo(row(image, 2));
        assertThat(row(image, 6)).containsOnly(-1);
    }

    @Test
    void leavesAGapBetweenTwoGroups() throws IOException {
        List<List<byte[]>> real = List.of(List.of(new byte[] {1, 2}));
        List<List<byte[]>> distilled = List.of(List.of(new byte[] {3, 4}));

        DecodedImage image =
                new ImageDecoder(10_000).decode("image/png", null, ContactSheet.sideBySide(SHAPE, real, distilled, 1));

        assertThat(image.shape()).isEqualTo(new ImageShape(1, 5, 22));
        assertThat(row(image, 2)).startsWith(-1, -1, 1, 2, -1).endsWith(-1, 3, 4, -1, -1);
    }

    @Test
    void refusesAnEmptySheetAndImagesOfAnotherShape() {
        assertThatIllegalArgumentException().isThrownBy(() -> ContactSheet.png(SHAPE, List.of(), 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContactSheet.png(SHAPE, List.of(List.of(new byte[3])), 1));
    }

    private static byte[] row(DecodedImage image, int y) {
        int width = image.shape().width();
        return Arrays.copyOfRange(image.pixels(), y * width, (y + 1) * width);
    }
}
