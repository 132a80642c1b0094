package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.nn.Normalisation;
import io.reflux.nn.TensorSession;

/**
 * Images on the device, ready to train on.
 *
 * @param images normalised [n,C,H,W]
 * @param labels probabilities [n,K]
 */
record TrainingImages(NDArray images, NDArray labels) implements AutoCloseable {

    static TrainingImages of(NDManager owner, ImageSet set, Normalisation normalisation) {
        ImageShape shape = set.shape();
        float[] values = normalisation.apply(set.pixels(), shape);
        return new TrainingImages(
                TensorSession.place(owner, values, shape(set.size(), shape)),
                TensorSession.oneHot(owner, set.labels(), set.classes().size()));
    }

    static TrainingImages of(NDManager owner, DistilledSet set) {
        return new TrainingImages(
                TensorSession.place(owner, set.images(), shape(set.size(), set.shape())),
                TensorSession.place(
                        owner, set.labels(), new Shape(set.size(), set.classes().size())));
    }

    static Shape shape(int images, ImageShape shape) {
        return new Shape(images, shape.channels(), shape.height(), shape.width());
    }

    int size() {
        return Math.toIntExact(images.getShape().get(0));
    }

    @Override
    public void close() {
        images.close();
        labels.close();
    }
}
