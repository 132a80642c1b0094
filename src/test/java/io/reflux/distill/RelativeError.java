package io.reflux.distill;

/** ‖a − b‖₂ / ‖b‖₂ over a tensor. */
final class RelativeError {
    private RelativeError() {}

    static double of(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            return Double.POSITIVE_INFINITY;
        }
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += ((double) actual[i] - expected[i]) * ((double) actual[i] - expected[i]);
            size += (double) expected[i] * expected[i];
        }
        return Math.sqrt(difference) / Math.max(Math.sqrt(size), Double.MIN_NORMAL);
    }

    /** Of the movements a − start and b − start. */
    static double ofMovement(float[] actual, float[] expected, float[] start) {
        return of(minus(actual, start), minus(expected, start));
    }

    private static float[] minus(float[] a, float[] b) {
        float[] difference = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }
}
