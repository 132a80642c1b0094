package io.reflux.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The bounded sample of one feed: of each class the k images of smallest priority. Immutable.
 *
 * <p>What is kept is a function F of the set U of all images ever offered:
 *
 * <pre>
 *   B(U) = of each class the k smallest, and of its held-out images the k′ smallest
 *   T(U) = the (L+1)-th smallest of the classes' smallest candidates, where L classes are allowed; ∞ if there are fewer
 *   F(U) = those of B(U) that are not behind T(U)
 * </pre>
 *
 * <p>F(F(U) ∪ V) = F(U ∪ V): more images only lower T and each class's k-th smallest, so what was dropped would be
 * dropped anyway; and F(U) contains each class's smallest up to and with T, so T itself survives. Hence offering again
 * changes nothing, no order matters, and reservoirs of parts of a stream merge into that of the whole.
 *
 * <p>The image at T is the only one of its class: a witness that shuts the door, not part of the sample. The smallest
 * of n exponentials is 1/n on average, so the L classes that stay are most likely the frequent ones, and a few wrong
 * labels, whose T is large, cost the others nothing. Only a feed with many more frequent classes than L has its classes
 * thinned out.
 *
 * <p>Memory is at most L·(k + k′) + 1 candidates; a batch of b costs O((k + b) log(k + b)) for each class in it.
 */
public final class Reservoir<T> {
    private final SampleLimits limits;
    private final NavigableMap<String, ClassSample<T>> classes;
    private final @Nullable String witness;

    private Reservoir(SampleLimits limits, NavigableMap<String, ClassSample<T>> classes) {
        this.limits = limits;
        this.classes = classes;
        this.witness = limitClasses(limits, classes);
    }

    /** A reservoir that has seen nothing. */
    public static <T> Reservoir<T> empty(SampleLimits limits) {
        return new Reservoir<>(limits, new TreeMap<>());
    }

    /** What offering these candidates would change; nothing is changed. */
    public Plan<T> plan(Collection<Candidate<T>> batch) {
        return changeTo(with(batch));
    }

    /** What a later reservoir has that this one has not, and the other way round. */
    public Plan<T> changeTo(Reservoir<T> next) {
        return new Plan<>(next.without(this), without(next));
    }

    /** The reservoir after a plan of its own. */
    public Reservoir<T> apply(Plan<T> plan) {
        return with(plan.admitted());
    }

    /** The reservoir after offering these candidates: {@code plan} and {@code apply} in one. */
    public Reservoir<T> with(Collection<Candidate<T>> batch) {
        NavigableMap<String, ClassSample<T>> next = new TreeMap<>(classes);
        batch.stream()
                .collect(Collectors.groupingBy(Candidate::label))
                .forEach((label, candidates) -> next.put(
                        label, next.getOrDefault(label, ClassSample.empty()).with(candidates, limits)));
        next.values().removeIf(ClassSample::isEmpty);
        return new Reservoir<>(limits, next);
    }

    /** Whether such an image is kept. */
    public boolean hasAny(Predicate<Candidate<T>> wanted) {
        return classes.values().stream().flatMap(ClassSample::stream).anyMatch(wanted);
    }

    /**
     * F of what is kept here but some images: what those had pushed out does not come back by itself, and where there are
     * as many classes as allowed, a class that loses its smallest may become the one too many.
     */
    public Reservoir<T> without(Predicate<Candidate<T>> erased) {
        NavigableMap<String, ClassSample<T>> next = new TreeMap<>(classes);
        next.replaceAll((label, sample) -> sample.without(erased));
        next.values().removeIf(ClassSample::isEmpty);
        return new Reservoir<>(limits, next);
    }

    /**
     * The reservoir of both streams.
     *
     * @throws IllegalArgumentException if their limits differ
     */
    public Reservoir<T> merge(Reservoir<T> other) {
        if (!limits.equals(other.limits)) {
            throw new IllegalArgumentException("reservoirs of " + limits + " and " + other.limits + " do not merge");
        }
        return with(other.kept());
    }

    /** Everything kept, with the witness, by label and identity: what has to be stored. */
    public List<Candidate<T>> kept() {
        return classes.values().stream()
                .flatMap(ClassSample::stream)
                .sorted(Candidate.BY_NAME)
                .toList();
    }

    /** Times of everything kept, milliseconds since the epoch, in no order. */
    public LongStream times() {
        return classes.values().stream().flatMap(ClassSample::stream).mapToLong(Candidate::timeMillis);
    }

    /** The sample's classes, sorted; not those beyond the limit. */
    public List<String> classes() {
        return classes.keySet().stream().filter(label -> !label.equals(witness)).toList();
    }

    /** How many images of a class are kept, those held out by their content or the others. */
    public int count(String label, boolean heldOut) {
        return kept(label, heldOut).size();
    }

    /** The priority that no image of the class may exceed to be kept; infinity while there is room. */
    public double threshold(String label, boolean heldOut) {
        List<Candidate<T>> kept = kept(label, heldOut);
        int limit = limits.of(heldOut);
        double own = kept.size() < limit
                ? Double.POSITIVE_INFINITY
                : limit == 0 ? Double.NEGATIVE_INFINITY : kept.get(limit - 1).priority();
        return Math.min(own, classThreshold());
    }

    /** The priority that no image of any class may exceed to be kept; infinity while there is room for classes. */
    public double classThreshold() {
        return witness == null
                ? Double.POSITIVE_INFINITY
                : Objects.requireNonNull(classes.get(witness)).best().priority();
    }

    /**
     * The sample as a round sees it: classes within the limit and not retired, split for evaluation.
     *
     * @param retirement classes whose newest kept image is older than the feed's newest kept image by more than this
     *     are left out; null keeps all. They still are in the reservoir, and return with their next image
     */
    public Snapshot<T> snapshot(HoldOut holdOut, @Nullable Duration retirement) {
        Set<String> retired = retired(retirement);
        return classes().stream()
                .filter(label -> !retired.contains(label))
                .map(label -> Snapshot.ofClass(Objects.requireNonNull(classes.get(label)), holdOut.minimum()))
                .reduce(Snapshot.empty(), Snapshot::plus);
    }

    /** The classes whose newest kept image is older than the feed's newest kept image by more than this. */
    public Set<String> retired(@Nullable Duration retirement) {
        if (retirement == null) {
            return Set.of();
        }
        Map<String, Long> newest = classes().stream()
                .collect(Collectors.toMap(label -> label, label -> Objects.requireNonNull(classes.get(label))
                        .newest()));
        long feed = newest.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return newest.entrySet().stream()
                .filter(entry -> feed - entry.getValue() > retirement.toMillis())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private List<Candidate<T>> kept(String label, boolean heldOut) {
        return classes.getOrDefault(label, ClassSample.empty()).kept(heldOut);
    }

    /** What is kept here and not there. */
    private List<Candidate<T>> without(Reservoir<T> other) {
        List<Candidate<T>> rest = new ArrayList<>();
        classes.forEach((label, sample) -> {
            ClassSample<T> there = other.classes.getOrDefault(label, ClassSample.empty());
            if (!there.equals(sample)) {
                Set<Identity> names =
                        there.stream().map(Candidate::identity).collect(Collectors.toCollection(HashSet::new));
                sample.stream().filter(c -> !names.contains(c.identity())).forEach(rest::add);
            }
        });
        rest.sort(Candidate.BY_NAME);
        return rest;
    }

    /** Drops what is behind the first class too many and returns that class. */
    private static <T> @Nullable String limitClasses(
            SampleLimits limits, NavigableMap<String, ClassSample<T>> classes) {
        if (classes.size() <= limits.classes()) {
            return null;
        }
        Candidate<T> bound = classes.values().stream()
                .map(ClassSample::best)
                .sorted(Candidate.SMALLEST_FIRST)
                .skip(limits.classes())
                .findFirst()
                .orElseThrow();
        classes.replaceAll((label, sample) -> sample.upTo(bound));
        classes.values().removeIf(ClassSample::isEmpty);
        return bound.label();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Reservoir<?> that && limits.equals(that.limits) && classes.equals(that.classes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(limits, classes);
    }

    @Override
    public String toString() {
        return kept().size() + " images of " + classes() + " within " + limits;
    }
}
