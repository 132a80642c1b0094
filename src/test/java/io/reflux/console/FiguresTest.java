package io.reflux.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FiguresTest {
    @Test
    void nestsWhatADotSeparates() {
        Figures figures = new Figures()
                .put("accuracy.distilled", 0.5)
                .put("accuracy.random", 0.25)
                .put("images.in", 10);

        assertThat(figures.json().toString())
                .isEqualTo("{\"accuracy\":{\"distilled\":0.5,\"random\":0.25},\"images\":{\"in\":10}}");
    }
}
