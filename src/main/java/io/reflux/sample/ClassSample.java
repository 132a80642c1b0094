package io.reflux.sample;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What is kept of one class: the smallest candidates, smallest first, held-out ones apart. */
record ClassSample<T>(List<Candidate<T>> others, List<Candidate<T>> heldOut) {
    static <T> ClassSample<T> empty() {
        return new ClassSample<>(List.of(), List.of());
    }

    ClassSample<T> with(Collection<Candidate<T>> batch, SampleLimits limits) {
        return new ClassSample<>(smallest(batch, false, limits), smallest(batch, true, limits));
    }

    /** Those not behind the bound in the order of priorities. */
    ClassSample<T> upTo(Candidate<T> bound) {
        return new ClassSample<>(
                others.stream().filter(c -> notBehind(c, bound)).toList(),
                heldOut.stream().filter(c -> notBehind(c, bound)).toList());
    }

    /** The same object when nothing is taken out. */
    ClassSample<T> without(Predicate<Candidate<T>> erased) {
        return stream().noneMatch(erased)
                ? this
                : new ClassSample<>(
                        others.stream().filter(erased.negate()).toList(),
                        heldOut.stream().filter(erased.negate()).toList());
    }

    boolean isEmpty() {
        return others.isEmpty() && heldOut.isEmpty();
    }

    /** The smallest of all; bottom-k never drops it, so it is the smallest ever offered. */
    Candidate<T> best() {
        return Stream.of(others, heldOut)
                .flatMap(kept -> kept.stream().limit(1))
                .min(Candidate.SMALLEST_FIRST)
                .orElseThrow();
    }

    /** When the newest kept image was taken. */
    long newest() {
        return stream().mapToLong(Candidate::timeMillis).max().orElse(Long.MIN_VALUE);
    }

    Stream<Candidate<T>> stream() {
        return Stream.concat(others.stream(), heldOut.stream());
    }

    List<Candidate<T>> kept(boolean heldOutOnes) {
        return heldOutOnes ? heldOut : others;
    }

    private List<Candidate<T>> smallest(Collection<Candidate<T>> batch, boolean heldOutOnes, SampleLimits limits) {
        List<Candidate<T>> sorted = new ArrayList<>(kept(heldOutOnes));
        batch.stream().filter(candidate -> candidate.heldOut() == heldOutOnes).forEach(sorted::add);
        sorted.sort(Candidate.SMALLEST_FIRST);
        Set<Identity> seen = new HashSet<>();
        return sorted.stream()
                .filter(candidate -> seen.add(candidate.identity()))
                .limit(limits.of(heldOutOnes))
                .toList();
    }

    private static boolean notBehind(Candidate<?> candidate, Candidate<?> bound) {
        return Candidate.SMALLEST_FIRST.compare(candidate, bound) <= 0;
    }
}
