package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.distill.DistilledSet;
import io.reflux.wire.Manifest;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AcceptanceTest {
    private static final DistilledSet SET = Sets.filled(1, "a", "b");
    private final Acceptance acceptance = new Acceptance(0.1);

    /** Its distilled accuracy is 0.8. */
    private final Manifest last = Sets.manifest("feed", 4, SET, List.of());

    @Test
    void acceptsABetterResultThanRandomRealImages() {
        assertThat(acceptance.objection(Sets.report(0.6, 0.5), SET.classes(), null))
                .isEmpty();
        assertThat(acceptance.objection(Sets.report(0.71, 0.5), SET.classes(), last))
                .isEmpty();
    }

    @Test
    void objectsToAResultThatIsNoBetterThanRandomRealImages() {
        assertThat(acceptance.objection(Sets.report(0.5, 0.5), SET.classes(), null))
                .hasValueSatisfying(why -> assertThat(why).contains("50.0 %").contains("no better"));
        assertThat(acceptance.objection(Sets.report(Double.NaN, 0.5), SET.classes(), null))
                .isPresent();
    }

    @Test
    void objectsToAResultMuchWorseThanTheLastGenerationOfTheSameClasses() {
        assertThat(acceptance.objection(Sets.report(0.69, 0.5), SET.classes(), last))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("generation 4").contains("reflux.rounds.tolerance"));
        assertThat(acceptance.objection(Sets.report(0.69, 0.5), List.of("a", "b", "c"), last))
                .isEmpty();
    }

    @Test
    void refusesAToleranceThatIsNone() {
        assertThatThrownBy(() -> new Acceptance(1.5)).hasMessageContaining("reflux.rounds.tolerance");
    }
}
