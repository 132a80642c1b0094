package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.nn.Draws;
import io.reflux.nn.Normalisation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses the real images that the synthetic ones begin as, IPC of each class, class-major: in a random order, the
 * first ones, or the first ones that an expert classifies correctly at the end of its training; or the ones that
 * herding chooses.
 *
 * <p>For the correct ones each class is scanned by one expert after the other until enough are found; where all experts
 * together find too few, the next ones of the order fill up.
 */
final class RealStart {
    private static final System.Logger LOG = System.getLogger(RealStart.class.getName());
    private static final int SCANNED_AT_ONCE = 250;

    private final DistillationSettings settings;
    private final ImageSet sample;
    private final Normalisation normalisation;
    private final FinalExperts experts;

    RealStart(DistillationSettings settings, ImageSet sample, Normalisation normalisation, FinalExperts experts) {
        this.settings = settings;
        this.sample = sample;
        this.normalisation = normalisation;
        this.experts = experts;
    }

    /** Indices into the sample, [K·IPC]. */
    int[] chosen() throws IOException {
        if (settings.start() == StartImages.HERDED) {
            return herded();
        }
        List<Candidates> classes = new ArrayList<>();
        for (int c = 0; c < sample.classes().size(); c++) {
            classes.add(new Candidates(c, order(c)));
        }
        if (settings.start() == StartImages.CORRECT) {
            scan(classes);
        }
        return classes.stream()
                .flatMapToInt(candidates -> Arrays.stream(candidates.filled()))
                .toArray();
    }

    private int[] herded() throws IOException {
        try (FinalExperts.Classifier expert = experts.open(0)) {
            return IntStream.range(0, sample.classes().size())
                    .flatMap(label -> Arrays.stream(herded(expert, sample.indicesOf(label))))
                    .toArray();
        }
    }

    private int[] herded(FinalExperts.Classifier expert, int[] members) {
        try (TrainingImages images = TrainingImages.of(experts.manager(), sample.select(members), normalisation)) {
            int[] rows = Herding.choose(expert.features(images.images()), settings.imagesPerClass());
            return Arrays.stream(rows).map(row -> members[row]).toArray();
        }
    }

    private int[] order(int label) {
        int[] members = sample.indicesOf(label);
        int[] order = Draws.of(settings.seed(), "start-images", label, 0).permutation(members.length);
        return Arrays.stream(order).map(i -> members[i]).toArray();
    }

    private void scan(List<Candidates> classes) throws IOException {
        for (int slot = 0; slot < experts.count() && classes.stream().anyMatch(Candidates::wanting); slot++) {
            try (FinalExperts.Classifier expert = experts.open(slot)) {
                classes.forEach(candidates -> candidates.scan(expert));
            }
        }
        classes.forEach(Candidates::warn);
    }

    /** The images of one class in their random order, and those found so far. */
    private final class Candidates {
        private final int label;
        private final List<Integer> rest;
        private final List<Integer> found = new ArrayList<>();

        Candidates(int label, int[] order) {
            this.label = label;
            this.rest = new ArrayList<>(Arrays.stream(order).boxed().toList());
        }

        boolean wanting() {
            return found.size() < settings.imagesPerClass();
        }

        void scan(FinalExperts.Classifier expert) {
            int from = 0;
            while (wanting() && from < rest.size()) {
                List<Integer> part = List.copyOf(rest.subList(from, Math.min(rest.size(), from + SCANNED_AT_ONCE)));
                List<Integer> right = right(expert, part);
                right.stream().limit(settings.imagesPerClass() - found.size()).forEach(found::add);
                rest.removeAll(found);
                from += part.size() - right.size();
            }
        }

        private List<Integer> right(FinalExperts.Classifier expert, List<Integer> part) {
            ImageSet images = sample.select(part.stream().mapToInt(i -> i).toArray());
            try (TrainingImages batch = TrainingImages.of(experts.manager(), images, normalisation)) {
                float[] logits = expert.logits(batch.images());
                List<Integer> right = new ArrayList<>();
                for (int i = 0; i < part.size(); i++) {
                    if (FinalExperts.guess(logits, i, sample.classes().size()) == label) {
                        right.add(part.get(i));
                    }
                }
                return right;
            }
        }

        void warn() {
            if (wanting()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the experts classify only {0} images of class ''{1}'' correctly; {2} random ones of the rest"
                                + " are started from too",
                        found.size(),
                        sample.classes().get(label),
                        settings.imagesPerClass() - found.size());
            }
        }

        int[] filled() {
            List<Integer> all = new ArrayList<>(found);
            rest.stream().limit(settings.imagesPerClass() - found.size()).forEach(all::add);
            return all.stream().mapToInt(i -> i).toArray();
        }
    }
}
