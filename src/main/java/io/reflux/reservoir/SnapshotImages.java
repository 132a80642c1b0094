package io.reflux.reservoir;

import io.reflux.image.DecodedImage;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.sample.Candidate;
import io.reflux.sample.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The images of a snapshot that have one shape, as sets. */
record SnapshotImages(List<String> classes, ImageSet sample, ImageSet heldOut, int otherShapes) {
    static SnapshotImages of(Snapshot<DecodedImage> all, ImageShape shape) {
        List<Candidate<DecodedImage>> train = ofShape(all.train(), shape);
        List<String> classes =
                train.stream().map(Candidate::label).distinct().sorted().toList();
        List<Candidate<DecodedImage>> heldOut = ofShape(all.heldOut(), shape);
        int left = all.train().size() + all.heldOut().size() - train.size() - heldOut.size();
        return new SnapshotImages(
                classes,
                set(train, shape, classes),
                set(
                        heldOut.stream()
                                .filter(candidate -> classes.contains(candidate.label()))
                                .toList(),
                        shape,
                        classes),
                left);
    }

    /** The shape most images have; of equally common ones the first as text. */
    static ImageShape commonestShape(Snapshot<DecodedImage> all) {
        Map<ImageShape, Long> counts = Stream.concat(all.train().stream(), all.heldOut().stream())
                .map(candidate -> candidate.payload().shape())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .min(Map.Entry.<ImageShape, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(entry -> entry.getKey().toString()))
                .map(Map.Entry::getKey)
                .orElseThrow();
    }

    private static List<Candidate<DecodedImage>> ofShape(List<Candidate<DecodedImage>> images, ImageShape shape) {
        return images.stream()
                .filter(candidate -> candidate.payload().shape().equals(shape))
                .sorted(Comparator.comparing(Candidate::identity))
                .toList();
    }

    private static ImageSet set(List<Candidate<DecodedImage>> images, ImageShape shape, List<String> classes) {
        byte[] pixels = new byte[Math.multiplyExact(images.size(), shape.size())];
        int[] labels = new int[images.size()];
        for (int i = 0; i < labels.length; i++) {
            System.arraycopy(images.get(i).payload().pixels(), 0, pixels, i * shape.size(), shape.size());
            labels[i] = classes.indexOf(images.get(i).label());
        }
        return new ImageSet(shape, classes, pixels, labels);
    }
}
