package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import java.io.IOException;

/**
 * Where learned label logits begin: the mean of the logits of all experts, at the end of their training, that classify
 * the initial image correctly (Guo et al., ICLR 2024).
 *
 * <p>Where none does, the published code leaves the mean undefined. Here it is then the mean over all experts, with its
 * largest logit and that of the image's own class exchanged: as sure and as mixed as the experts are, and right.
 */
final class LabelStart {
    private final FinalExperts experts;
    private final int classes;
    private final int imagesPerClass;

    LabelStart(FinalExperts experts, int classes, int imagesPerClass) {
        this.experts = experts;
        this.classes = classes;
        this.imagesPerClass = imagesPerClass;
    }

    /**
     * @param images normalised [n,C,H,W], class-major
     * @return Y, [n,K] flattened
     */
    float[] logits(NDArray images) throws IOException {
        int count = classes * imagesPerClass;
        double[] all = new double[count * classes];
        double[] right = new double[count * classes];
        int[] votes = new int[count];
        for (int slot = 0; slot < experts.count(); slot++) {
            float[] logits;
            try (FinalExperts.Classifier expert = experts.open(slot)) {
                logits = expert.logits(images);
            }
            for (int i = 0; i < count; i++) {
                add(logits, i, all);
                if (FinalExperts.guess(logits, i, classes) == i / imagesPerClass) {
                    add(logits, i, right);
                    votes[i]++;
                }
            }
        }
        float[] start = new float[count * classes];
        for (int i = 0; i < count; i++) {
            mean(votes[i] > 0 ? right : all, i, votes[i] > 0 ? votes[i] : experts.count(), start);
            if (votes[i] == 0) {
                exchange(start, i, FinalExperts.guess(start, i, classes), i / imagesPerClass);
            }
        }
        return start;
    }

    private void add(float[] logits, int image, double[] sums) {
        for (int at = image * classes; at < (image + 1) * classes; at++) {
            sums[at] += logits[at];
        }
    }

    private void mean(double[] sums, int image, int count, float[] mean) {
        for (int at = image * classes; at < (image + 1) * classes; at++) {
            mean[at] = (float) (sums[at] / count);
        }
    }

    private void exchange(float[] logits, int image, int one, int other) {
        float kept = logits[image * classes + one];
        logits[image * classes + one] = logits[image * classes + other];
        logits[image * classes + other] = kept;
    }
}
