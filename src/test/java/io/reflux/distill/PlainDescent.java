package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;

/** v ← m·v + g, x ← x − η·v, E ← d·E + (1 − d)·x in doubles. */
final class PlainDescent {
    private static final double TOLERANCE = 3e-4;

    private final double[] start;
    private final double[] values;
    private final double[] velocity;
    private final double[] average;
    private final double rate;
    private final double momentum;
    private final double decay;

    PlainDescent(float[] values, double rate, double momentum, double decay) {
        this(Learned.start(values), rate, momentum, decay);
    }

    PlainDescent(Learned begun, double rate, double momentum, double decay) {
        this.start = doubles(begun.values());
        this.values = doubles(begun.values());
        this.velocity = doubles(begun.velocity());
        this.average = doubles(begun.average());
        this.rate = rate;
        this.momentum = momentum;
        this.decay = decay;
    }

    void step(float[] gradient) {
        for (int i = 0; i < values.length; i++) {
            velocity[i] = momentum * velocity[i] + gradient[i];
            values[i] -= rate * velocity[i];
            average[i] = decay * average[i] + (1 - decay) * values[i];
        }
    }

    float[] averages() {
        return singles(average);
    }

    /** To {@link #TOLERANCE} of how far the values have moved, or of the largest velocity. */
    void assertAgrees(Learned learned) {
        double way = largest(start, values);
        assertThat(way).isGreaterThan(1e-3);
        assertThat(largest(doubles(learned.values()), values)).isLessThan(TOLERANCE * way);
        assertThat(largest(doubles(learned.average()), average)).isLessThan(TOLERANCE * way);
        assertThat(largest(doubles(learned.velocity()), velocity))
                .isLessThan(TOLERANCE * largest(new double[velocity.length], velocity));
    }

    private static double largest(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    private static double[] doubles(float[] values) {
        double[] exact = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            exact[i] = values[i];
        }
        return exact;
    }

    private static float[] singles(double[] values) {
        float[] singles = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            singles[i] = (float) values[i];
        }
        return singles;
    }
}
