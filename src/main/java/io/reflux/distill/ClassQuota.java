package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.nn.Draws;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many images of each class a small set has.
 *
 * @param images by class index
 */
public record ClassQuota(List<Integer> images) {
    public ClassQuota {
        images = List.copyOf(images);
    }

    /** As many as the set has of each class. */
    public static ClassQuota of(DistilledSet set) {
        int[] images = new int[set.classes().size()];
        for (int i = 0; i < set.size(); i++) {
            images[set.classOf(i)]++;
        }
        return new ClassQuota(Arrays.stream(images).boxed().toList());
    }

    /** The same number of every class. */
    public static ClassQuota of(int imagesPerClass, int classes) {
        return new ClassQuota(Collections.nCopies(classes, imagesPerClass));
    }

    /** Chooses among the images of one class. */
    @FunctionalInterface
    interface Choice {
        /**
         * @param candidates indices into the sample
         * @param count at most as many as there are candidates
         * @return {@code count} positions in {@code candidates}
         */
        int[] choose(int[] candidates, int count);
    }

    /** Images of the sample, chosen class by class; all of a class that has fewer than its quota. */
    ImageSet choose(ImageSet sample, Choice choice) {
        return sample.select(indices(sample, choice));
    }

    /** As {@link #choose}, their indices in the sample, class-major. */
    int[] indices(ImageSet sample, Choice choice) {
        return IntStream.range(0, images.size())
                .flatMap(c -> {
                    int[] candidates = sample.indicesOf(c);
                    int count = Math.min(images.get(c), candidates.length);
                    return Arrays.stream(choice.choose(candidates, count)).map(chosen -> candidates[chosen]);
                })
                .toArray();
    }

    /** A uniform choice without repetition. */
    static Choice random(Draws draws) {
        return (candidates, count) -> Arrays.copyOf(draws.permutation(candidates.length), count);
    }
}
