package io.reflux.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityTest {
    @Test
    void takesTheLongestNamesOnAThreadWithASmallStack() throws Exception {
        AtomicReference<Object> made = new AtomicReference<>();
        Thread small = new Thread(
                null,
                () -> made.set(Identity.ofEvent("\u20ac".repeat(500), "\u20ac".repeat(500), "now")),
                "small",
                1 << 17);
        small.start();
        small.join();

        assertThat(made.get()).hasToString("e/" + "%E2%82%AC".repeat(500) + "/" + "%E2%82%AC".repeat(500) + "/now");
    }

    @Test
    void encodesItsParts() {
        assertThat(Identity.ofEvent("/line 7/ü", "a%b", "2025-01-01T00:00:00Z").text())
                .isEqualTo("e/%2Fline%207%2F%C3%BC/a%25b/2025-01-01T00%3A00%3A00Z");
        assertThat(Identity.ofOffset("Qz-9_x", 3, 12).text()).isEqualTo("o/Qz-9_x/3/12");
    }

    @Test
    void hashesTheTextItShows() {
        assertThat(Long.toHexString(Identity.ofOffset("topic", 0, 1).hash()))
                .isEqualTo(Long.toHexString(XxHash64.hash("o/topic/0/1".getBytes(StandardCharsets.US_ASCII), 0)));
    }

    @Property(tries = 500)
    void differentPartsGiveDifferentIdentities(
            @ForAll String a,
            @ForAll String b,
            @ForAll String c,
            @ForAll String x,
            @ForAll String y,
            @ForAll String z) {
        boolean same = List.of(a, b, c).equals(List.of(x, y, z));

        assertThat(Identity.ofEvent(a, b, c).equals(Identity.ofEvent(x, y, z))).isEqualTo(same);
        assertThat(Identity.ofEvent(a, b, c)).isNotEqualTo(Identity.ofEvent(a + "/", b, c));
        assertThat(Identity.ofEvent(a + "/" + b, c, x)).isNotEqualTo(Identity.ofEvent(a, b + "/" + c, x));
    }

    @Property(tries = 200)
    void readsItsOwnText(@ForAll String source, @ForAll String id) {
        Identity identity = Identity.ofEvent(source, id, "t");

        assertThat(new Identity(identity.text())).isEqualTo(identity).isEqualByComparingTo(identity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "e", "e/a/b", "e/a/b/c/d", "x/a/b/c", "e/a b/c/d", "e/%2/b/c", "e/ü/b/c", "e/%2f/b/c"})
    void refusesAnyOtherText(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Identity(text));
    }
}
