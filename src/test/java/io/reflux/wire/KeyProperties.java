package io.reflux.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;

final class KeyProperties {
    @Property
    void readsBackWhatItWrote(@ForAll @NotEmpty List<String> parts) {
        Key key =
                new Key(parts.stream().map(KeyProperties::withoutLoneSurrogates).toList());

        String text = key.text();

        assertThat(Key.parse(text)).isEqualTo(key);
        assertThat(text).matches("[A-Za-z0-9._~%/-]*");
    }

    @Example
    void separatesPartsThatHoldTheSeparator() {
        assertThat(Key.of("a/b", "ü%").text()).isEqualTo("a%2Fb/%C3%BC%25");
    }

    @Example
    void refusesBrokenPercentCodes() {
        for (String text : List.of("%", "%4", "a/%zz", "%ff", "ü")) {
            assertThatThrownBy(() -> Key.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("key part '");
        }
    }

    private static String withoutLoneSurrogates(String text) {
        return text.codePoints()
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
