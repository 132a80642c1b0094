package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.image.ImageShape;
import io.reflux.nn.Normalisation;
import io.reflux.nn.ZcaNormalisation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
        if (!normalisation.fits(shape)) {
            throw new IllegalArgumentException(
                    "images of shape " + shape + " cannot be in this normalisation: " + normalisation);
        }
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
        return normalisation.invert(images, shape);
    }

    /** The same pictures in another normalisation. */
    DistilledSet in(Normalisation other) {
        return other.equals(normalisation)
                ? this
                : new DistilledSet(
                        shape,
                        classes,
                        other,
                        other.normalise(normalisation.restore(images, shape), shape),
                        labels,
                        recipe);
    }

    /**
     * Tensors {@code images} [n,C,H,W] and {@code labels} [n,K], and of a whitened set {@code whitening.mean} [D] and
     * {@code whitening.transform} [D,D]; the rest is metadata.
     */
    public Safetensors toSafetensors() {
        Map<String, Tensor> tensors = tensors();
        tensors.putAll(NormalisationFields.tensors(normalisation));
        return new Safetensors(tensors, DistilledSetMetadata.write(this));
    }

    /** The same without a whitening's tensors, for a set whose matrix stands elsewhere; the metadata names its digest. */
    public Safetensors toSafetensorsWithoutWhitening() {
        return new Safetensors(tensors(), DistilledSetMetadata.write(this));
    }

    /**
     * @throws FormatException when a tensor or a piece of metadata is missing or does not fit
     */
    public static DistilledSet fromSafetensors(Safetensors file) throws FormatException {
        return DistilledSetMetadata.read(file, null);
    }

    /**
     * Reads a set whose whitening may stand elsewhere.
     *
     * @param whitening what stands there; null when there is none
     * @throws FormatException when a tensor or a piece of metadata is missing or does not fit, or the set is in another
     *     normalisation
     */
    public static DistilledSet fromSafetensors(Safetensors file, @Nullable ZcaNormalisation whitening)
            throws FormatException {
        return DistilledSetMetadata.read(file, whitening);
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("images", Tensor.of(images, size(), shape.channels(), shape.height(), shape.width()));
        tensors.put("labels", Tensor.of(labels, size(), classes.size()));
        return tensors;
    }
}
