package io.reflux.distill;

import io.reflux.image.ImageSet;

/** The identity of a sample: equal for equal images, labels, classes and shape in the same order. */
final class SampleDigest {
    private SampleDigest() {}

    static String of(ImageSet sample) {
        return Digest.of()
                .text(sample.shape().toString())
                .text(sample.classes().toString())
                .bytes(sample.pixels())
                .ints(sample.labels())
                .hex();
    }
}
