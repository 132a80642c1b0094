package io.reflux.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class ReservoirProperties {
    @Provide
    Arbitrary<List<Candidate<String>>> streams() {
        return Candidates.lists();
    }

    @Provide
    Arbitrary<SampleLimits> limits() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(1, 6))
                .as(SampleLimits::new);
    }

    @Property
    void keepsWhatTheDefinitionSays(
            @ForAll("streams") List<Candidate<String>> stream, @ForAll("limits") SampleLimits limits) {
        assertThat(Reservoir.<String>empty(limits).with(stream).kept())
                .containsExactlyInAnyOrderElementsOf(definition(stream, limits));
    }

    @Property
    void anyOrderInAnyBatchesGivesTheSame(
            @ForAll("streams") List<Candidate<String>> stream,
            @ForAll("limits") SampleLimits limits,
            @ForAll Random random) {
        Reservoir<String> atOnce = Reservoir.<String>empty(limits).with(stream);
        List<Candidate<String>> shuffled = new ArrayList<>(stream);
        Collections.shuffle(shuffled, random);

        Reservoir<String> oneByOne = Reservoir.empty(limits);
        for (Candidate<String> candidate : shuffled) {
            oneByOne = oneByOne.with(List.of(candidate));
        }

        assertThat(oneByOne).isEqualTo(atOnce);
    }

    @Property
    void replayingAnyPartChangesNothing(
            @ForAll("streams") List<Candidate<String>> stream, @ForAll("limits") SampleLimits limits) {
        Reservoir<String> reservoir = Reservoir.<String>empty(limits).with(stream);

        assertThat(reservoir.plan(stream).isEmpty()).isTrue();
        assertThat(reservoir
                        .plan(stream.subList(stream.size() / 2, stream.size()))
                        .isEmpty())
                .isTrue();
        assertThat(reservoir.with(stream)).isEqualTo(reservoir);
    }

    @Property
    void mergingIsTheUnion(
            @ForAll("streams") List<Candidate<String>> left,
            @ForAll("streams") List<Candidate<String>> right,
            @ForAll("limits") SampleLimits limits) {
        Reservoir<String> a = Reservoir.<String>empty(limits).with(left);
        Reservoir<String> b = Reservoir.<String>empty(limits).with(right);
        List<Candidate<String>> union =
                Stream.concat(left.stream(), right.stream()).toList();

        assertThat(a.merge(b))
                .isEqualTo(Reservoir.<String>empty(limits).with(union))
                .isEqualTo(b.merge(a));
        assertThat(a.merge(a)).isEqualTo(a);
    }

    @Property
    void whatIsTakenOutIsAsIfItHadNeverBeenOnceTheRestIsSentAgain(
            @ForAll("streams") List<Candidate<String>> stream,
            @ForAll("limits") SampleLimits limits,
            @ForAll Random random) {
        Reservoir<String> reservoir = Reservoir.<String>empty(limits).with(stream);
        Set<Identity> erased = stream.stream()
                .map(Candidate::identity)
                .filter(identity -> random.nextBoolean())
                .collect(Collectors.toSet());
        List<Candidate<String>> rest = stream.stream()
                .filter(candidate -> !erased.contains(candidate.identity()))
                .toList();
        List<Candidate<String>> left = reservoir.kept().stream()
                .filter(candidate -> !erased.contains(candidate.identity()))
                .toList();

        Reservoir<String> without = reservoir.without(candidate -> erased.contains(candidate.identity()));

        assertThat(without).isEqualTo(Reservoir.<String>empty(limits).with(left));
        assertThat(without.with(rest)).isEqualTo(Reservoir.<String>empty(limits).with(rest));
    }

    @Property
    void aPlanTellsExactlyWhatChanges(
            @ForAll("streams") List<Candidate<String>> before,
            @ForAll("streams") List<Candidate<String>> batch,
            @ForAll("limits") SampleLimits limits) {
        Reservoir<String> reservoir = Reservoir.<String>empty(limits).with(before);

        Plan<String> plan = reservoir.plan(batch);

        Set<Candidate<String>> stored = new HashSet<>(reservoir.kept());
        stored.removeAll(plan.evicted());
        stored.addAll(plan.admitted());
        assertThat(reservoir.kept()).containsAll(plan.evicted());
        assertThat(plan.admitted()).noneMatch(reservoir.kept()::contains);
        assertThat(reservoir.apply(plan)).isEqualTo(reservoir.with(batch));
        assertThat(stored)
                .containsExactlyInAnyOrderElementsOf(reservoir.apply(plan).kept());
    }

    @Property
    void memoryIsBounded(@ForAll("streams") List<Candidate<String>> stream, @ForAll("limits") SampleLimits limits) {
        Reservoir<String> reservoir = Reservoir.<String>empty(limits).with(stream);

        assertThat(reservoir.kept().size())
                .isLessThanOrEqualTo(limits.classes() * (limits.perClass() + limits.heldOutPerClass()) + 1);
        assertThat(reservoir.classes().size()).isLessThanOrEqualTo(limits.classes());
    }

    @Property
    void aFilterNeverRefusesWhatTheWholeWouldKeep(
            @ForAll("streams") List<Candidate<String>> elsewhere,
            @ForAll("streams") List<Candidate<String>> here,
            @ForAll("limits") SampleLimits limits) {
        Filter filter = new Filter(limits);
        List<Candidate<String>> passed = new ArrayList<>();
        for (Candidate<String> candidate : here) {
            if (filter.mayBeKept(candidate.label(), candidate.priority())
                    && filter.mayBeKept(candidate.label(), candidate.heldOut(), candidate.priority())) {
                filter.add(candidate.label(), candidate.heldOut(), candidate.priority());
                passed.add(candidate);
            }
        }
        List<Candidate<String>> all =
                Stream.concat(elsewhere.stream(), here.stream()).toList();

        Reservoir<String> filtered =
                Reservoir.<String>empty(limits).with(elsewhere).with(passed);

        assertThat(filtered).isEqualTo(Reservoir.<String>empty(limits).with(all));
    }

    @Property
    void aSnapshotIsTheSampleSplitInTwo(
            @ForAll("streams") List<Candidate<String>> stream, @ForAll("limits") SampleLimits limits) {
        Reservoir<String> reservoir = Reservoir.<String>empty(limits).with(stream);

        Snapshot<String> snapshot = reservoir.snapshot(new HoldOut(0.2, 2), null);

        List<Candidate<String>> both = new ArrayList<>(snapshot.train());
        both.addAll(snapshot.heldOut());
        assertThat(both)
                .containsExactlyInAnyOrderElementsOf(reservoir.kept().stream()
                        .filter(c -> reservoir.classes().contains(c.label()))
                        .toList());
        assertThat(snapshot.train()).isSortedAccordingTo(Candidate.BY_NAME).noneMatch(Candidate::heldOut);
    }

    /** B, T and F of the reservoir's documentation, computed the slow way. */
    private static Collection<Candidate<String>> definition(List<Candidate<String>> stream, SampleLimits limits) {
        Map<String, List<Candidate<String>>> bottom = new TreeMap<>();
        for (Candidate<String> candidate : new HashSet<>(stream)) {
            long smaller = new HashSet<>(stream)
                    .stream()
                            .filter(c -> c.label().equals(candidate.label()) && c.heldOut() == candidate.heldOut())
                            .filter(c -> Candidate.SMALLEST_FIRST.compare(c, candidate) < 0)
                            .count();
            if (smaller < (candidate.heldOut() ? limits.heldOutPerClass() : limits.perClass())) {
                bottom.computeIfAbsent(candidate.label(), unseen -> new ArrayList<>())
                        .add(candidate);
            }
        }
        List<Candidate<String>> bests = bottom.values().stream()
                .map(c -> Collections.min(c, Candidate.SMALLEST_FIRST))
                .sorted(Candidate.SMALLEST_FIRST)
                .toList();
        return bottom.values().stream()
                .flatMap(List::stream)
                .filter(c -> bests.size() <= limits.classes()
                        || Candidate.SMALLEST_FIRST.compare(c, bests.get(limits.classes())) <= 0)
                .collect(Collectors.toList());
    }
}
