package io.reflux.sample;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Candidates as a stream might bring them: few labels and few priorities, so that ties and replays happen. */
final class Candidates {
    private Candidates() {}

    static Arbitrary<List<Candidate<String>>> lists() {
        Arbitrary<String> labels = Arbitraries.of("a", "b", "c", "d", "e");
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 60);
        return Combinators.combine(labels, numbers)
                .as(Candidates::candidate)
                .list()
                .ofMaxSize(60);
    }

    /** Everything follows from the name, as it does for real images. */
    static Candidate<String> candidate(String label, int number) {
        Identity identity = Identity.ofOffset("topic-" + label, 0, number);
        long hash = identity.hash();
        double priority = Math.floorMod(hash, 40) / 4.0 + label.charAt(0) - 'a';
        return new Candidate<>(label, identity, priority, number * 1000L, hash >>> 7, hash % 4 == 0, identity.text());
    }

    static List<Candidate<String>> many(String label, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> candidate(label, number))
                .toList();
    }

    /** A candidate whose priority is the rule's own. */
    static Candidate<Integer> real(String source, int number, double priority, long time) {
        return new Candidate<>("a", Identity.ofOffset(source, 0, number), priority, time, number, false, number);
    }
}
