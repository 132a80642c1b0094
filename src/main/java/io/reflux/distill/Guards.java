package io.reflux.distill;

/**
 * What keeps a matching run from diverging.
 *
 * @param positiveLearningRate keep the student learning rate above a thousandth of where it started
 * @param lossGate skip the updates of an iteration whose loss is above this; infinity switches it off
 * @param restores how often a run whose loss or images are not finite goes back to its last good state with half the
 *     step before it gives up; this guard cannot be switched off
 */
public record Guards(boolean positiveLearningRate, double lossGate, int restores) {
    public Guards {
        Settings.require(lossGate > 0, "matching.loss-gate", lossGate, "positive (infinity: off)");
        Settings.require(restores >= 1, "matching.restores", restores, "at least 1");
    }

    /** All guards on. */
    public static Guards on() {
        return new Guards(true, 1.5, 4);
    }

    /** As published: only the guard against values that are not finite. */
    public static Guards published() {
        return new Guards(false, Double.POSITIVE_INFINITY, 4);
    }
}
