package io.reflux.sample;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A sample split into what may be learned from and what judges it, both by label and identity.
 *
 * <p>Held out are the images whose content says so. Where a class has fewer than the minimum, those of its other images
 * with the smallest content hash join them, as long as no more than half of the class's images are held out; copies of
 * the same picture go together.
 */
public record Snapshot<T>(List<Candidate<T>> train, List<Candidate<T>> heldOut) {
    public Snapshot {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }

    static <T> Snapshot<T> empty() {
        return new Snapshot<>(List.of(), List.of());
    }

    static <T> Snapshot<T> ofClass(ClassSample<T> sample, int minimum) {
        Set<Long> promoted = promoted(sample, minimum);
        List<Candidate<T>> train = new ArrayList<>();
        List<Candidate<T>> heldOut = new ArrayList<>(sample.heldOut());
        sample.others().forEach(c -> (promoted.contains(c.contentHash()) ? heldOut : train).add(c));
        train.sort(Candidate.BY_NAME);
        heldOut.sort(Candidate.BY_NAME);
        return new Snapshot<>(train, heldOut);
    }

    Snapshot<T> plus(Snapshot<T> other) {
        return new Snapshot<>(
                Stream.concat(train.stream(), other.train.stream()).toList(),
                Stream.concat(heldOut.stream(), other.heldOut.stream()).toList());
    }

    /** The classes that have an image to learn from, sorted. */
    public List<String> classes() {
        return train.stream().map(Candidate::label).distinct().sorted().toList();
    }

    /** The content hashes that join the held-out images. */
    private static Set<Long> promoted(ClassSample<?> sample, int minimum) {
        int half = (sample.others().size() + sample.heldOut().size()) / 2;
        int missing = Math.min(minimum, half) - sample.heldOut().size();
        Set<Long> promoted = new HashSet<>();
        List<Long> hashes = sample.others().stream()
                .map(Candidate::contentHash)
                .sorted(Long::compareUnsigned)
                .toList();
        int copies = 0;
        for (int i = 0; i < hashes.size() && copies < missing; i += count(hashes, i)) {
            if (sample.heldOut().size() + copies + count(hashes, i) <= half) {
                promoted.add(hashes.get(i));
                copies += count(hashes, i);
            }
        }
        return promoted;
    }

    private static int count(List<Long> sorted, int first) {
        int end = first;
        while (end < sorted.size() && sorted.get(end).equals(sorted.get(first))) {
            end++;
        }
        return end - first;
    }
}
