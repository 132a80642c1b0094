package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class GrantsTest {
    @Test
    void whoMayOperateMayRead() {
        Grants grants = Grants.of(Set.of("operator:cars", "reader:boats"));

        assertThat(grants.operates("cars")).isTrue();
        assertThat(grants.reads("cars")).isTrue();
        assertThat(grants.reads("boats")).isTrue();
        assertThat(grants.operates("boats")).isFalse();
        assertThat(grants.reads("planes")).isFalse();
        assertThat(grants.readsAny()).isTrue();
        assertThat(grants.readsAll()).isFalse();
        assertThat(grants.operatesAny()).isTrue();
        assertThat(Grants.of(Set.of("operator")).reads("planes")).isTrue();
        assertThat(Grants.of(Set.of("reader")).operatesAny()).isFalse();
    }

    @Test
    void namesAreTakenAsTheyStand() {
        Grants grants = Grants.of(Set.of("reader:a:b", "reader:", "Reader", "operators", "OPERATOR:c"));

        assertThat(grants.reads("a:b")).isTrue();
        assertThat(grants.reads("")).isTrue();
        assertThat(grants.reads("a")).isFalse();
        assertThat(grants.reads("c")).isFalse();
        assertThat(Grants.of(Set.of("Reader", "operators")).readsAny()).isFalse();
    }

    @Test
    void rolesAreTheFewestThatGiveTheSame() {
        assertThat(Grants.of(Set.of("operator", "reader", "operator:cars", "reader:boats"))
                        .roles())
                .containsExactly("operator");
        assertThat(Grants.of(Set.of("reader", "operator:cars", "reader:boats", "else"))
                        .roles())
                .containsExactly("operator:cars", "reader");
        assertThat(Grants.of(Set.of("reader:cars", "operator:cars", "reader:boats"))
                        .roles())
                .containsExactly("operator:cars", "reader:boats");
        assertThat(Grants.of(Set.of("else")).roles()).isEmpty();
    }
}
