package io.reflux.distill;

/**
 * A published method of trajectory matching, all of them settings of this one.
 *
 * <p>What is the same in all settings of a method: 100 experts, each with batches of 256, learning rate 0.01, of width
 * 128; outer momentum 0.5; students judged five at a time after 1001 epochs.
 */
public enum Method {
    /** Cazenavette et al., CVPR 2022: experts of plain SGD. */
    MTT(50, 0, 5_000, StartImages.RANDOM, 256),
    /** Du et al., CVPR 2023: flat experts, and the moving average of the images. */
    FTD(50, 0.01, 5_000, StartImages.RANDOM, 256),
    /** Guo et al., ICLR 2024: flat experts, difficulty alignment, learned soft labels. */
    DATM(100, 0.01, 10_000, StartImages.CORRECT, 128);

    private final int expertEpochs;
    private final double flatness;
    private final int iterations;
    private final StartImages start;
    private final int studentBatch;

    Method(int expertEpochs, double flatness, int iterations, StartImages start, int studentBatch) {
        this.expertEpochs = expertEpochs;
        this.flatness = flatness;
        this.iterations = iterations;
        this.start = start;
        this.studentBatch = studentBatch;
    }

    int expertEpochs() {
        return expertEpochs;
    }

    /** ρ. */
    double flatness() {
        return flatness;
    }

    int iterations() {
        return iterations;
    }

    StartImages start() {
        return start;
    }

    /** Images a step of a student that is judged. */
    int studentBatch() {
        return studentBatch;
    }
}
