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
 * @param velocity of X
 * @param average exponential moving average of X
 * @param rate β
 * @param rateVelocity of β
 * @param stepScale factor on both outer learning rates, halved at each restore
 * @param restores so far
 * @param skipped consecutive iterations that the loss gate held back
 * @param recentLoss exponential moving average of the loss, NaN before the first
 */
record MatchingState(
        int iteration,
        float[] images,
        float[] velocity,
        float[] average,
        double rate,
        double rateVelocity,
        double stepScale,
        int restores,
        int skipped,
        double recentLoss) {

    static MatchingState start(float[] images, double rate) {
        return new MatchingState(0, images, new float[images.length], images.clone(), rate, 0, 1, 0, 0, Double.NaN);
    }

    /** The state to go on from after {@code failed} went wrong: this one, with half the step. */
    MatchingState restored(MatchingState failed) {
        return new MatchingState(
                iteration,
                images,
                new float[images.length],
                average,
                rate,
                0,
                failed.stepScale / 2,
                failed.restores + 1,
                0,
                recentLoss);
    }

    boolean finite() {
        boolean finite = Double.isFinite(rate);
        for (int i = 0; finite && i < images.length; i++) {
            finite = Float.isFinite(images[i]);
        }
        return finite;
    }

    void addTo(String prefix, Map<String, Tensor> tensors, Map<String, String> metadata) {
        tensors.put(prefix + "images", Tensor.of(images, images.length));
        tensors.put(prefix + "velocity", Tensor.of(velocity, velocity.length));
        tensors.put(prefix + "average", Tensor.of(average, average.length));
        metadata.put(prefix + "iteration", Integer.toString(iteration));
        metadata.put(prefix + "rate", Double.toString(rate));
        metadata.put(prefix + "rate-velocity", Double.toString(rateVelocity));
        metadata.put(prefix + "step-scale", Double.toString(stepScale));
        metadata.put(prefix + "restores", Integer.toString(restores));
        metadata.put(prefix + "skipped", Integer.toString(skipped));
        metadata.put(prefix + "recent-loss", Double.toString(recentLoss));
    }

    static MatchingState from(String prefix, Safetensors file) throws FormatException {
        return new MatchingState(
                Integer.parseInt(file.meta(prefix + "iteration")),
                file.tensor(prefix + "images", Tensor.Type.F32).floats(),
                file.tensor(prefix + "velocity", Tensor.Type.F32).floats(),
                file.tensor(prefix + "average", Tensor.Type.F32).floats(),
                Double.parseDouble(file.meta(prefix + "rate")),
                Double.parseDouble(file.meta(prefix + "rate-velocity")),
                Double.parseDouble(file.meta(prefix + "step-scale")),
                Integer.parseInt(file.meta(prefix + "restores")),
                Integer.parseInt(file.meta(prefix + "skipped")),
                Double.parseDouble(file.meta(prefix + "recent-loss")));
    }

    Map<String, String> summary() {
        Map<String, String> values = new LinkedHashMap<>();
        addTo("", new LinkedHashMap<>(), values);
        return values;
    }
}
