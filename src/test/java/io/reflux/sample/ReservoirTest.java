package io.reflux.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReservoirTest {
    @Test
    void keepsASmallestPrioritiesWhenFull() {
        SampleLimits limits = new SampleLimits(2, 0, 3);
        Reservoir<Integer> full = Reservoir.<Integer>empty(limits)
                .with(List.of(Candidates.real("s", 0, 0.5, 0), Candidates.real("s", 1, 0.7, 0)));

        Plan<Integer> plan = full.plan(List.of(Candidates.real("s", 2, 0.6, 0), Candidates.real("s", 3, 0.9, 0)));

        assertThat(plan.admitted()).extracting(Candidate::payload).containsExactly(2);
        assertThat(plan.evicted()).extracting(Candidate::payload).containsExactly(1);
        assertThat(full.apply(plan).threshold("a", false)).isEqualTo(0.6);
        assertThat(full.threshold("b", false)).isInfinite();
    }

    @Test
    void wrongLabelsCostTheFrequentClassesNothing() {
        SampleLimits limits = new SampleLimits(50, 0, 2);
        List<Candidate<Integer>> stream = new ArrayList<>();
        IntStream.range(0, 5000).forEach(i -> stream.add(random(i % 2 == 0 ? "cat" : "dog", i)));
        IntStream.range(0, 5).forEach(i -> stream.add(random("typo" + i, i)));

        Reservoir<Integer> reservoir = Reservoir.<Integer>empty(limits).with(stream);

        assertThat(reservoir.classes()).containsExactly("cat", "dog");
        assertThat(reservoir.count("cat", false)).isEqualTo(50);
        assertThat(reservoir.count("dog", false)).isEqualTo(50);
        assertThat(reservoir.kept()).hasSize(101);
    }

    @Test
    void aClassWithoutImagesForLongIsRetiredUntilItsNextOne() {
        HoldOut nothing = new HoldOut(0, 0);
        Reservoir<String> reservoir = Reservoir.<String>empty(new SampleLimits(9, 0, 9))
                .with(List.of(at("old", 0), at("new", 100), at("new", 10)));

        assertThat(reservoir.snapshot(nothing, Duration.ofMillis(99)).classes()).containsExactly("new");
        assertThat(reservoir.snapshot(nothing, Duration.ofMillis(100)).classes())
                .containsExactly("new", "old");
        assertThat(reservoir.with(List.of(at("old", 60))).retired(Duration.ofMillis(99)))
                .isEmpty();
    }

    @Test
    void theMinimumIsHeldOutOfEveryClassThatHasTwiceAsMany() {
        List<Candidate<String>> images = Candidates.many("a", 12).stream()
                .map(c -> new Candidate<>(
                        c.label(), c.identity(), c.priority(), c.timeMillis(), c.contentHash(), false, c.payload()))
                .toList();
        Reservoir<String> twelve =
                Reservoir.<String>empty(new SampleLimits(20, 5, 2)).with(images);
        Reservoir<String> three =
                Reservoir.<String>empty(new SampleLimits(20, 5, 2)).with(images.subList(0, 3));

        assertThat(twelve.snapshot(new HoldOut(0.1, 5), null).heldOut()).hasSize(5);
        assertThat(three.snapshot(new HoldOut(0.1, 5), null).heldOut()).hasSize(1);
        assertThat(twelve.snapshot(new HoldOut(0.1, 0), null).heldOut()).isEmpty();
    }

    @Test
    void copiesOfAPictureAreNeverOnBothSides() {
        List<Candidate<Integer>> images = IntStream.range(0, 12)
                .mapToObj(i -> new Candidate<>("a", Identity.ofOffset("s", 0, i), i / 12.0, 0, i / 3, false, i))
                .toList();
        Reservoir<Integer> reservoir =
                Reservoir.<Integer>empty(new SampleLimits(20, 5, 2)).with(images);

        Snapshot<Integer> snapshot = reservoir.snapshot(new HoldOut(0, 4), null);

        assertThat(snapshot.heldOut())
                .extracting(Candidate::contentHash)
                .containsOnly(0L, 1L)
                .hasSize(6);
        assertThat(snapshot.train()).extracting(Candidate::contentHash).containsOnly(2L, 3L);
    }

    @Test
    void reservoirsOfOtherLimitsDoNotMerge() {
        Reservoir<String> one = Reservoir.empty(new SampleLimits(1, 0, 1));
        Reservoir<String> other = Reservoir.empty(new SampleLimits(2, 0, 1));

        assertThatIllegalArgumentException().isThrownBy(() -> one.merge(other)).withMessageContaining("do not merge");
    }

    private static Candidate<Integer> random(String label, int number) {
        Identity identity = Identity.ofOffset(label, 0, number);
        return new Candidate<>(label, identity, Priority.of(identity, 0, null), 0, number, false, number);
    }

    private static Candidate<String> at(String label, long time) {
        Identity identity = Identity.ofOffset(label, 0, time);
        return new Candidate<>(label, identity, 0.5, time, time, false, "");
    }
}
