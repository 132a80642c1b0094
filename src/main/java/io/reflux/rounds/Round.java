package io.reflux.rounds;

import io.reflux.distill.DistillationResult;
import io.reflux.distill.Progress;
import io.reflux.distill.Stage;
import io.reflux.feeds.RoundTicket;
import io.reflux.wire.Manifest;
import io.reflux.wire.RoundDetail;
import java.util.Locale;

/**
 * A round, state by state; each state's methods are the transitions out of it, so that no other can be written.
 *
 * <pre>
 * Requested → Sampling → TrainingExperts → Distilling → Evaluating → Publishing → Published
 *                 │                                          │
 *                 └──────────────→ Refused ←─────────────────┘       any of them → Cancelled, Failed
 * </pre>
 */
public sealed interface Round {
    /** What identifies the round. */
    RoundTicket ticket();

    /** A state that work goes on in. */
    sealed interface Running extends Round {
        /** The state's name on the wire: lower case with hyphens. */
        String stage();

        /** Units of this state done, units in all, and the loss of the last one (NaN: none). */
        Measure measure();

        /** @param resumes whether the round goes on under its next owner */
        default Cancelled cancel(String why, boolean resumes) {
            return new Cancelled(ticket(), why, resumes);
        }

        default Failed fail(String why) {
            return new Failed(ticket(), why);
        }
    }

    /** A state in which the core computes. */
    sealed interface Computing extends Running {
        /**
         * The state the core's progress speaks of: the same or a later one.
         *
         * @throws IllegalStateException when the progress speaks of an earlier stage
         */
        Computing at(Progress progress);
    }

    /**
     * How far a state is.
     *
     * @param done units done
     * @param total units of the state; 0 when there is nothing to count
     * @param loss of the last unit, NaN where there is none
     */
    record Measure(long done, long total, double loss) {
        static final Measure NONE = new Measure(0, 0, Double.NaN);

        static Measure of(Progress progress) {
            return new Measure(progress.done(), progress.total(), progress.loss());
        }
    }

    /** Due, and not begun. */
    record Requested(RoundTicket ticket) implements Round {
        Sampling sample() {
            return new Sampling(ticket);
        }

        Cancelled cancel(String why) {
            return new Cancelled(ticket, why, false);
        }
    }

    /** Takes the snapshot of the sample, and reads the last generation. */
    record Sampling(RoundTicket ticket) implements Running {
        @Override
        public String stage() {
            return "sampling";
        }

        @Override
        public Measure measure() {
            return Measure.NONE;
        }

        TrainingExperts train() {
            return new TrainingExperts(ticket, Measure.NONE);
        }

        Refused refuse(String why) {
            return new Refused(ticket, why);
        }
    }

    /** Trains new experts, after fitting a whitening where one is asked for, which takes seconds. */
    record TrainingExperts(RoundTicket ticket, Measure measure) implements Computing {
        @Override
        public String stage() {
            return "training-experts";
        }

        @Override
        public Computing at(Progress progress) {
            if (progress.stage() == Stage.WHITENING) {
                return this;
            }
            return progress.stage() == Stage.EXPERTS
                    ? new TrainingExperts(ticket, Measure.of(progress))
                    : new Distilling(ticket, Measure.NONE).at(progress);
        }
    }

    /** Matches trajectories. */
    record Distilling(RoundTicket ticket, Measure measure) implements Computing {
        @Override
        public String stage() {
            return RoundDetail.DISTILLING;
        }

        @Override
        public Computing at(Progress progress) {
            return progress.stage() == Stage.MATCHING
                    ? new Distilling(ticket, Measure.of(progress))
                    : new Evaluating(ticket, Measure.NONE).at(progress);
        }
    }

    /** Trains students. */
    record Evaluating(RoundTicket ticket, Measure measure) implements Computing {
        @Override
        public String stage() {
            return "evaluating";
        }

        @Override
        public Computing at(Progress progress) {
            if (progress.stage() != Stage.EVALUATION) {
                throw new IllegalStateException("a round that evaluates cannot go back to " + progress.stage());
            }
            return new Evaluating(ticket, Measure.of(progress));
        }

        Publishing publish(DistillationResult result) {
            return new Publishing(ticket, result);
        }

        Refused refuse(String why) {
            return new Refused(ticket, why);
        }
    }

    /** Writes the generation. */
    record Publishing(RoundTicket ticket, DistillationResult result) implements Running {
        @Override
        public String stage() {
            return "publishing";
        }

        @Override
        public Measure measure() {
            return Measure.NONE;
        }

        Published committed(Manifest manifest) {
            return new Published(ticket, manifest);
        }
    }

    /** Over: the generation stands on the topic. */
    record Published(RoundTicket ticket, Manifest manifest) implements Round {
        /** For a line of the log, which a whole manifest would drown. */
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "published generation %d of %d images: %.1f %% (random real images %.1f %%)",
                    manifest.generation(),
                    manifest.out().images(),
                    100 * manifest.accuracy().distilled().mean(),
                    100 * manifest.accuracy().random().mean());
        }
    }

    /** Over: the sample or the result is not good enough, and why. */
    record Refused(RoundTicket ticket, String why) implements Round {
        @Override
        public String toString() {
            return "refused: " + why;
        }
    }

    /** Over: stopped, and why; the checkpoint is on disk. */
    record Cancelled(RoundTicket ticket, String why, boolean resumes) implements Round {
        @Override
        public String toString() {
            return "stopped: " + why + (resumes ? "; the feed's owner goes on with it" : "");
        }
    }

    /** Over: something broke, and what. */
    record Failed(RoundTicket ticket, String why) implements Round {
        @Override
        public String toString() {
            return "failed: " + why;
        }
    }
}
