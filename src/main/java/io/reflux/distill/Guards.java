package io.reflux.distill;

/**
 * What keeps a matching run from diverging.
 *
 * @param positiveLearningRate keep the student learning rate above a thousandth of where it started
 * @param lossGate skip the updates of an iteration whose loss is above this; infinity switches it off
 * @param gatePatience how many such iterations in a row may be before they count as divergence; 0: any number
 * @param restores how often a run whose loss or images are not finite goes back to its last good state with half the
 *     step before it gives up; this guard cannot be switched off
 */
public record Guards(boolean positiveLearningRate, double lossGate, int gatePatience, int restores) {
    public Guards {
        Settings.require(lossGate > 0, "matching.loss-gate", lossGate, "positive (infinity: off)");
        Settings.require(gatePatience >= 0, "matching.gate-patience", gatePatience, "at least 0 (0: without end)");
        Settings.require(restores >= 1, "matching.restores", restores, "at least 1");
    }

    /** All guards on. */
    public static Guards on() {
        return new Guards(true, 1.5, 25, 4);
    }

    /**
     * As published: only the guard against values that are not finite.
     *
     * @param lossGate of the method; infinity for those without
     */
    public static Guards published(double lossGate) {
        return new Guards(false, lossGate, 0, 4);
    }

    /** Whether so many iterations in a row above the gate are too many. */
    boolean isExhausted(int skipped) {
        return gatePatience > 0 && skipped > gatePatience;
    }
}
