package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.nn.Normalisation;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the trajectory buffer filled: a first run trains all experts, a run on a sample that the buffer does not know
 * yet trains a few new ones and drops the oldest.
 */
final class Experts {
    private static final Duration BETWEEN_SAVES = Duration.ofSeconds(20);

    private final TensorSession session;
    private final TrajectoryBuffer buffer;
    private final Expert expert;
    private final ExpertSettings settings;
    private final RunMonitor monitor;
    private long lastSave = System.nanoTime();

    Experts(TensorSession session, Workplace place, DistillationSettings settings, RunMonitor monitor) {
        this.session = session;
        this.buffer = place.trajectories();
        this.settings = settings.experts();
        this.monitor = monitor;
        this.expert = new Expert(session, place.network(), place.augmentation(), settings);
    }

    /** Ordinals of the trajectories to match, ascending. */
    List<Integer> prepare(ImageSet sample, Normalisation normalisation) throws IOException {
        String digest = SampleDigest.of(sample);
        List<Integer> ordinals = new ArrayList<>(buffer.ordinals());
        List<Integer> wanted = missing(ordinals, digest);
        long total = (long) wanted.size() * settings.epochs();
        monitor.report(new Progress(Stage.EXPERTS, 0, total, Double.NaN));
        if (!wanted.isEmpty()) {
            try (TrainingImages data = TrainingImages.of(session.manager(), sample, normalisation)) {
                for (int i = 0; i < wanted.size(); i++) {
                    train(wanted.get(i), digest, data, (long) i * settings.epochs(), total);
                    ordinals.add(wanted.get(i));
                }
            }
        }
        ordinals.sort(null);
        while (ordinals.size() > settings.count()) {
            buffer.drop(ordinals.remove(0));
        }
        return ordinals;
    }

    /** The ordinals to train: gaps and the rest of a first filling, or new ones for a sample not seen before. */
    private List<Integer> missing(List<Integer> present, String digest) throws IOException {
        int newest = present.stream().mapToInt(i -> i).max().orElse(-1);
        int known = 0;
        for (int ordinal : present) {
            known += buffer.load(ordinal)
                    .filter(trajectory -> trajectory.sample().equals(digest))
                    .map(trajectory -> 1)
                    .orElse(0);
        }
        int fresh = present.size() < settings.count() ? 0 : Math.max(0, settings.perRound() - known);
        int first = Math.max(0, newest + 1 - settings.count());
        int last = Math.max(newest, first + settings.count() - 1) + fresh;
        List<Integer> wanted = new ArrayList<>();
        for (int ordinal = first; ordinal <= last; ordinal++) {
            if (!present.contains(ordinal)) {
                wanted.add(ordinal);
            }
        }
        return wanted;
    }

    private void train(int ordinal, String digest, TrainingImages data, long before, long total) throws IOException {
        Trajectory begun = buffer.loadPartial(ordinal)
                .filter(partial -> partial.sample().equals(digest))
                .orElseGet(() -> expert.fresh(ordinal, digest));
        Trajectory trained = expert.train(data, begun, new Account(before, total));
        monitor.saving();
        buffer.save(trained);
    }

    /** Keeps what one expert has reached. */
    private final class Account implements Expert.Listener {
        private final long before;
        private final long total;

        /**
         * @param before epochs of the experts before this one
         * @param total epochs of all
         */
        Account(long before, long total) {
            this.before = before;
            this.total = total;
        }

        @Override
        public void epoch(Trajectory soFar, double loss) throws IOException {
            if (!Double.isFinite(loss)) {
                throw new DistillationFailedException("expert " + soFar.ordinal() + " diverged in epoch "
                        + soFar.epochs() + ": its loss is " + loss
                        + "; lower reflux.distillation.experts.learning-rate (" + settings.learningRate() + ")");
            }
            monitor.report(new Progress(Stage.EXPERTS, before + soFar.epochs(), total, loss));
            if (cancelled()) {
                throw stopped(soFar);
            }
            if (System.nanoTime() - lastSave > BETWEEN_SAVES.toNanos()) {
                save(soFar);
            }
        }

        @Override
        public boolean cancelled() {
            return monitor.cancelled();
        }

        @Override
        public DistillationCancelledException stopped(Trajectory soFar) throws IOException {
            save(soFar);
            return new DistillationCancelledException("stopped after epoch " + soFar.epochs() + " of expert "
                    + soFar.ordinal() + "; the next run goes on there");
        }

        private void save(Trajectory soFar) throws IOException {
            monitor.saving();
            buffer.savePartial(soFar);
            lastSave = System.nanoTime();
        }
    }
}
