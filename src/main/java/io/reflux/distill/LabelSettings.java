package io.reflux.distill;

/**
 * How the labels of the synthetic images are learned (Guo et al., ICLR 2024): their logits step along their
 * hyper-gradient, v ← m·v + g, Y ← Y − η·v, and the labels are softmax(Y).
 *
 * @param labelLearningRate η; 0 keeps the labels fixed, one-hot
 * @param labelMomentum m
 */
public record LabelSettings(double labelLearningRate, double labelMomentum) {
    private static final double PUBLISHED_MOMENTUM = 0.9;

    public LabelSettings {
        Settings.require(
                labelLearningRate >= 0 && Double.isFinite(labelLearningRate),
                "matching.label-learning-rate",
                labelLearningRate,
                "0 (fixed labels) or more");
        Settings.require(
                labelMomentum >= 0 && labelMomentum < 1, "matching.label-momentum", labelMomentum, "in [0, 1)");
    }

    /** One-hot labels that stay as they are. */
    public static LabelSettings fixed() {
        return learned(0);
    }

    /** Soft labels learned with the published momentum. */
    public static LabelSettings learned(double rate) {
        return new LabelSettings(rate, PUBLISHED_MOMENTUM);
    }

    public boolean learned() {
        return labelLearningRate > 0;
    }
}
