package io.reflux.distill;

/**
 * How expert trajectories are trained (method: Du et al., CVPR 2023, with GSAM steps of Zhuang et al., ICLR 2022).
 *
 * @param count trajectories kept in the buffer
 * @param perRound new trajectories a round adds once the buffer is full
 * @param epochs passes over the sample a trajectory; it holds {@code epochs + 1} snapshots
 * @param batch images a step
 * @param learningRate constant step of plain SGD
 * @param flatness ρ, the radius of the adaptive perturbation; 0 trains plain SGD experts (MTT)
 * @param gapWeight α, the weight of the orthogonal component
 */
public record ExpertSettings(
        int count, int perRound, int epochs, int batch, double learningRate, double flatness, double gapWeight) {
    public ExpertSettings {
        Settings.require(count >= 1, "experts.count", count, "at least 1");
        Settings.require(perRound >= 0 && perRound <= count, "experts.per-round", perRound, "0 to experts.count");
        Settings.require(epochs >= 1, "experts.epochs", epochs, "at least 1");
        Settings.require(batch >= 1, "experts.batch", batch, "at least 1");
        Settings.require(learningRate > 0, "experts.learning-rate", learningRate, "positive");
        Settings.require(flatness >= 0, "experts.flatness", flatness, "0 or more");
        Settings.require(gapWeight >= 0, "experts.gap-weight", gapWeight, "0 or more");
    }
}
