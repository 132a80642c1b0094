package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.image.ImageShape;
import io.reflux.nn.Normalisation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A synthetic training set and all a consumer needs to train on it.
 *
 * @param shape of one image
 * @param classes names; a label row holds one probability for each, in this order
 * @param normalisation that the images are in
 * @param images f32 [n,C,H,W], normalised, class-major
 * @param labels f32 [n,K], probabilities
 * @param recipe how a student is trained on it
 */
public record DistilledSet(
        ImageShape shape,
        List<String> classes,
        Normalisation normalisation,
        float[] images,
        float[] labels,
        StudentRecipe recipe) {
    public DistilledSet {
        classes = List.copyOf(classes);
        if (classes.isEmpty()
                || labels.length % classes.size() != 0
                || images.length != labels.length / classes.size() * shape.size()) {
            throw new IllegalArgumentException("a distilled set of " + classes.size() + " classes and shape " + shape
                    + " cannot have " + images.length + " image and " + labels.length + " label values");
        }
    }

    /** The same images and labels with another way to train on them. */
    public DistilledSet withRecipe(StudentRecipe value) {
        return new DistilledSet(shape, classes, normalisation, images, labels, value);
    }

    /** Number of synthetic images. */
    public int size() {
        return labels.length / classes.size();
    }

    /** Index of the largest label of an image: its class. */
    public int classOf(int image) {
        int best = 0;
        for (int k = 1; k < classes.size(); k++) {
            if (labels[image * classes.size() + k] > labels[image * classes.size() + best]) {
                best = k;
            }
        }
        return best;
    }

    /** The images as u8 pixels [n,C,H,W], for viewing. */
    public byte[] pixels() {
        return normalisation.invert(images, shape.height() * shape.width());
    }

    /** Tensors {@code images} [n,C,H,W] and {@code labels} [n,K]; the rest is metadata. */
    public Safetensors toSafetensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("images", Tensor.of(images, size(), shape.channels(), shape.height(), shape.width()));
        tensors.put("labels", Tensor.of(labels, size(), classes.size()));
        return new Safetensors(tensors, DistilledSetMetadata.write(this));
    }

    /**
     * @throws FormatException when a tensor or a piece of metadata is missing or does not fit
     */
    public static DistilledSet fromSafetensors(Safetensors file) throws FormatException {
        return DistilledSetMetadata.read(file);
    }
}
