package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every number here has few binary digits, so floats hold it exactly. */
class LearnedTest {
    private static final double RATE = 0.5;
    private static final double MOMENTUM = 0.5;
    private static final double DECAY = 0.75;

    @Test
    void gathersSpeedAndAveragesWhereItHasCome() {
        // Given
        Learned start = Learned.start(new float[] {1, -2});
        // When
        Learned first = start.step(new float[] {2, -4}, RATE, MOMENTUM, DECAY);
        Learned second = first.step(new float[] {1, 0}, RATE, MOMENTUM, DECAY);
        Learned third = second.step(new float[] {-3, 2}, RATE, MOMENTUM, DECAY);
        // Then
        // v = g at first, for it stands still; x = (1, -2) - v/2; E = 3/4·(1, -2) + 1/4·x
        assertIs(first, new float[] {2, -4}, new float[] {0, 0}, new float[] {0.75f, -1.5f});
        // v = (2, -4)/2 + (1, 0)
        assertIs(second, new float[] {2, -2}, new float[] {-1, 1}, new float[] {0.3125f, -0.875f});
        // v = (2, -2)/2 + (-3, 2)
        assertIs(third, new float[] {-2, 1}, new float[] {0, 0.5f}, new float[] {0.234375f, -0.53125f});
    }

    @Test
    void leavesTheStateItStepsFromAsItWas() {
        // Given
        Learned from = new Learned(new float[] {1}, new float[] {2}, new float[] {3});
        // When
        from.step(new float[] {4}, RATE, MOMENTUM, DECAY);
        // Then
        assertIs(from, new float[] {2}, new float[] {1}, new float[] {3});
    }

    @Test
    void aStepFromRestForgetsTheSpeedAndKeepsTheAverage() {
        // Given
        Learned moving = new Learned(new float[] {1}, new float[] {8}, new float[] {4});
        // When
        Learned next = moving.atRest().step(new float[] {2}, RATE, MOMENTUM, DECAY);
        // Then
        assertIs(next, new float[] {2}, new float[] {0}, new float[] {3});
    }

    @Test
    void publishesTheAverageWhereThereIsOneAndTheValuesOtherwise() {
        Learned learned = new Learned(new float[] {1}, new float[] {2}, new float[] {3});

        assertThat(learned.published(DECAY)).containsExactly(3);
        assertThat(learned.published(0)).containsExactly(1);
    }

    private static void assertIs(Learned learned, float[] velocity, float[] values, float[] average) {
        assertThat(learned.velocity()).containsExactly(velocity);
        assertThat(learned.values()).containsExactly(values);
        assertThat(learned.average()).containsExactly(average);
    }
}
