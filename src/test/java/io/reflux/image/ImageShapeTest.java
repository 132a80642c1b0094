package io.reflux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageShapeTest {
    @Test
    void readsItsOwnText() {
        ImageShape shape = ImageShape.parse(" 3, 32,48");

        assertThat(shape).isEqualTo(new ImageShape(3, 32, 48)).hasToString("3,32,48");
        assertThat(ImageShape.parse(shape.toString())).isEqualTo(shape);
        assertThat(shape.size()).isEqualTo(3 * 32 * 48);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3",
                "3,32",
                "3,32,32,1",
                "3,32,",
                "3x32x32",
                "2,32,32",
                "3,0,32",
                "3,32,-1",
                "1,60000,60000",
                "1,99999999999,1"
            })
    void anyOtherTextIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ImageShape.parse(text));
    }
}
