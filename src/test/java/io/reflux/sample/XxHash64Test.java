package io.reflux.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jpountz.xxhash.XXHashFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class XxHash64Test {
    private static final long PRIME_32 = 2654435761L;
    private static final long PRIME_64 = 0x9E3779B185EBCA8DL;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\",ef46db3751d8e999",
                "a,d24ec4f1a98c6e5b",
                "abc,44bc2cf5ad770999",
                "Nobody inspects the spammish repetition,fbcea83c8a378bf1"
            })
    void givesThePublishedHashesOfTexts(String text, String expected) {
        assertThat(Long.toHexString(XxHash64.hash(text.getBytes(StandardCharsets.UTF_8), 0)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,ef46db3751d8e999",
        "1,0,e934a84adb052768",
        "1,1,5014607643a9b4c3",
        "4,0,9136a0dca57457ee",
        "14,0,8282dcc4994e35c8",
        "14,1,c3bd6bf63deb6df0",
        "222,0,b641ae8cb691c174",
        "222,1,20cb8ab7ae10c14a"
    })
    void givesThePublishedHashesOfTheSanityBuffer(int length, int seeded, String expected) {
        byte[] buffer = new byte[length];
        long generator = PRIME_32;
        for (int i = 0; i < length; i++) {
            buffer[i] = (byte) (generator >>> 56);
            generator *= PRIME_64;
        }

        assertThat(Long.toHexString(XxHash64.hash(buffer, seeded * PRIME_32))).isEqualTo(expected);
    }

    @Property(tries = 500)
    void agreesWithAnIndependentImplementation(@ForAll @Size(max = 200) byte[] bytes, @ForAll long seed) {
        long expected = XXHashFactory.safeInstance().hash64().hash(bytes, 0, bytes.length, seed);

        assertThat(XxHash64.hash(bytes, seed)).isEqualTo(expected);
    }
}
