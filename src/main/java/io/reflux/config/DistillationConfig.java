package io.reflux.config;

import io.reflux.distill.StartImages;
import io.reflux.distill.WhiteningSetting;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** How a sample is distilled. The defaults give a useful set in minutes on two cores. */
public interface DistillationConfig {
    /**
     * Published settings by name, such as cifar10-ipc10 ({@code reflux distill --list-presets} lists them); whatever
     * else is configured comes before them. Rounds refuse samples whose shape or classes are not those of its data.
     */
    Optional<String> preset();

    /** Synthetic images of each class. */
    @WithDefault("1")
    int imagesPerClass();

    /**
     * Which real images the synthetic ones begin as: random, correct for those that an expert classifies correctly, or
     * herded for those whose features follow the mean of their class.
     */
    @WithDefault("herded")
    StartImages start();

    /** Every random draw derives from it. */
    @WithDefault("1")
    long seed();

    /** Families drawn from: color, crop, cutout, flip, scale, rotate joined by {@code _}, or none. */
    @WithDefault("color_crop_cutout_flip_scale_rotate")
    String augmentation();

    /**
     * What normalises the images: {@code none} by channel, {@code zca} whitens them whole, {@code cifar-statistics} and
     * {@code imagenet-statistics} by channel with the numbers of published code.
     */
    @WithDefault("none")
    WhiteningSetting whitening();

    /** The ConvNet that is distilled with. */
    Network network();

    /** Expert trajectories. */
    Experts experts();

    /** Trajectory matching. */
    Matching matching();

    /** How a set is judged. */
    Evaluation evaluation();

    /** The ConvNet that is distilled with. */
    interface Network {
        /** Channels of every block. */
        @WithDefault("32")
        int width();

        /** Blocks; 0 chooses by resolution. */
        @WithDefault("0")
        int depth();
    }

    /** Expert trajectories. */
    interface Experts {
        /** Trajectories kept in the buffer. */
        @WithDefault("4")
        int count();

        /** New trajectories a round adds once the buffer is full. */
        @WithDefault("1")
        int perRound();

        /** Passes over the sample a trajectory. */
        @WithDefault("4")
        int epochs();

        /** Images a step. */
        @WithDefault("64")
        int batch();

        /** Constant step of plain SGD. */
        @WithDefault("0.02")
        double learningRate();

        /** Radius of the adaptive perturbation; 0 trains plain SGD experts. */
        @WithDefault("0.01")
        double flatness();

        /** Weight of the orthogonal component. */
        @WithDefault("0.3")
        double gapWeight();
    }

    /** Trajectory matching. */
    interface Matching {
        /** Outer iterations. */
        @WithDefault("200")
        int iterations();

        /** Plain SGD steps of the student on the synthetic set. */
        @WithDefault("30")
        int innerSteps();

        /** Expert epochs between start and target. */
        @WithDefault("2")
        int matchedEpochs();

        /** Start snapshots are drawn from this epoch on. */
        @WithDefault("0")
        int minStartEpoch();

        /** Start snapshots are drawn below this epoch. */
        @WithDefault("2")
        int maxStartEpoch();

        /** Where the window of start epochs ends at first, growing from there; 0 keeps it as it is. */
        @WithDefault("0")
        int firstMaxStartEpoch();

        /** Iterations in which the window grows to its end. */
        @WithDefault("0")
        int expansionIterations();

        /** Synthetic images an inner step; 0 takes all. */
        @WithDefault("0")
        int batch();

        /** Step on the images. */
        @WithDefault("200")
        double imageLearningRate();

        /** Step on the student learning rate. */
        @WithDefault("1e-5")
        double rateLearningRate();

        /** The student learning rate at the start. */
        @WithDefault("0.01")
        double initialRate();

        /** Momentum of the images and of the student learning rate. */
        @WithDefault("0.5")
        double momentum();

        /** Decay of the moving average of images and learned labels; 0 publishes them as they are. */
        @WithDefault("0.99")
        double averageDecay();

        /** Step on the label logits; 0 keeps the labels fixed, one-hot. */
        @WithDefault("0")
        double labelLearningRate();

        /** Momentum of the label logits. */
        @WithDefault("0.9")
        double labelMomentum();

        /** Keep the student learning rate above a thousandth of where it started. */
        @WithDefault("true")
        boolean positiveLearningRate();

        /** Skip the updates of an iteration whose loss is above this; Infinity switches the guard off. */
        @WithDefault("1.5")
        double lossGate();

        /** How many such iterations in a row may be before they count as divergence; 0: any number. */
        @WithDefault("25")
        int gatePatience();

        /** How often a run that is not finite goes back and halves its step before it gives up. */
        @WithDefault("4")
        int restores();
    }

    /** How a set is judged. */
    interface Evaluation {
        /** Networks trained on the distilled set and on the whole sample. */
        @WithDefault("2")
        int students();

        /** Random real sets of the same size, one network each. */
        @WithDefault("5")
        int randomDraws();

        /** Passes over a small set. */
        @WithDefault("501")
        int epochs();

        /** Images a step. */
        @WithDefault("128")
        int batch();

        /** Learning rate of students on real images. */
        @WithDefault("0.01")
        double realRate();

        /** Steps of a student on the whole sample. */
        @WithDefault("300")
        int sampleSteps();
    }
}
