package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

final class BoundedBodyTest {
    private static final int MOST = 10_000;

    @Test
    void asMuchAsIsAllowedIsRead() throws IOException {
        byte[] content = new byte[MOST];
        content[MOST - 1] = 7;

        assertThat(bounded(new ByteArrayInputStream(content)).readAllBytes()).isEqualTo(content);
    }

    @Test
    void moreIsRefusedHoweverItIsRead() throws IOException {
        byte[] content = new byte[MOST + 1];
        assertThatThrownBy(() -> bounded(new ByteArrayInputStream(content)).readAllBytes())
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> bounded(new ByteArrayInputStream(content)).skip(MOST + 1))
                .isInstanceOf(ProblemException.class);
        InputStream oneByOne = bounded(new ByteArrayInputStream(content));
        for (int i = 0; i < MOST; i++) {
            assertThat(oneByOne.read()).isZero();
        }
        assertThatThrownBy(oneByOne::read).isInstanceOf(ProblemException.class);
    }

    @Test
    void closingReadsTheRestOnlyAsFarAsIsAllowed() throws IOException {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 1;
            }
        };
        InputStream body = bounded(endless);
        assertThat(body.read()).isEqualTo(1);

        body.close();

        assertThatThrownBy(body::read).isInstanceOf(ProblemException.class);
    }

    private static InputStream bounded(InputStream body) {
        return new BoundedBody(body, MOST, () -> ProblemException.tooMuch("too much"));
    }
}
