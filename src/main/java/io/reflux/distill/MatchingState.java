package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the outer loop of matching stands; with the settings and the trajectories it decides all that follows.
 *
 * @param iteration the next one
 * @param images X, [n,C,H,W] flattened
 * @param labels Y, the label logits, [n,K] flattened; empty when the labels are fixed
 * @param rate β
 * @param rateVelocity of β
 * @param stepScale factor on all outer learning rates, halved at each restore
 * @param restores so far
 * @param skipped consecutive iterations that the loss gate held back
 * @param recentLoss exponential moving average of the loss, NaN before the first
 */
record MatchingState(
        int iteration,
        Learned images,
        Learned labels,
        double rate,
        double rateVelocity,
        double stepScale,
        int restores,
        int skipped,
        double recentLoss) {

    /**
     * @param images [n,C,H,W] flattened
     * @param logits [n,K] flattened, empty for fixed labels
     */
    static MatchingState start(float[] images, float[] logits, double rate) {
        return new MatchingState(0, Learned.start(images), Learned.start(logits), rate, 0, 1, 0, 0, Double.NaN);
    }

    /** The state to go on from after {@code failed} went wrong: this one, with half the step. */
    MatchingState restored(MatchingState failed) {
        return new MatchingState(
                iteration,
                images.atRest(),
                labels.atRest(),
                rate,
                0,
                failed.stepScale / 2,
                failed.restores + 1,
                0,
                recentLoss);
    }

    /** The state after an iteration that the loss gate held back. */
    MatchingState held() {
        return new MatchingState(
                iteration + 1, images, labels, rate, rateVelocity, stepScale, restores, skipped + 1, recentLoss);
    }

    boolean finite() {
        return Double.isFinite(rate) && images.finite() && labels.finite();
    }

    void addTo(String prefix, Map<String, Tensor> tensors, Map<String, String> metadata) {
        images.addTo(prefix + "images", tensors);
        labels.addTo(prefix + "labels", tensors);
        metadata.putAll(summary(prefix));
    }

    static MatchingState from(String prefix, Safetensors file) throws FormatException {
        return new MatchingState(
                Integer.parseInt(file.meta(prefix + "iteration")),
                Learned.from(prefix + "images", file),
                Learned.from(prefix + "labels", file),
                Double.parseDouble(file.meta(prefix + "rate")),
                Double.parseDouble(file.meta(prefix + "rate-velocity")),
                Double.parseDouble(file.meta(prefix + "step-scale")),
                Integer.parseInt(file.meta(prefix + "restores")),
                Integer.parseInt(file.meta(prefix + "skipped")),
                Double.parseDouble(file.meta(prefix + "recent-loss")));
    }

    Digest addTo(Digest digest) {
        return labels.addTo(images.addTo(digest.text(summary("").toString())));
    }

    private Map<String, String> summary(String prefix) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(prefix + "iteration", Integer.toString(iteration));
        values.put(prefix + "rate", Double.toString(rate));
        values.put(prefix + "rate-velocity", Double.toString(rateVelocity));
        values.put(prefix + "step-scale", Double.toString(stepScale));
        values.put(prefix + "restores", Integer.toString(restores));
        values.put(prefix + "skipped", Integer.toString(skipped));
        values.put(prefix + "recent-loss", Double.toString(recentLoss));
        return values;
    }
}
