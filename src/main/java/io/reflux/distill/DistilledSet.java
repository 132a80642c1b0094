package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.image.ImageShape;
import io.reflux.nn.Normalisation;
import io.reflux.nn.ZcaNormalisation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
 * @param members [n], index of the class that each image stands for; its largest label may be another's
 */
public record DistilledSet(
        ImageShape shape,
        List<String> classes,
        Normalisation normalisation,
        float[] images,
        float[] labels,
        StudentRecipe recipe,
        int[] members) {
    private static final String MEMBERS = "class";

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
        int known = classes.size();
        if (members.length != labels.length / known
                || Arrays.stream(members).anyMatch(member -> member < 0 || member >= known)) {
            throw new IllegalArgumentException("a distilled set needs the index of one of its " + known
                    + " classes for each of its " + labels.length / known + " images, not "
                    + Arrays.toString(Arrays.copyOf(members, Math.min(members.length, 10))));
        }
    }

    /** A set each of whose images belongs to the class of its largest label. */
    public DistilledSet(
            ImageShape shape,
            List<String> classes,
            Normalisation normalisation,
            float[] images,
            float[] labels,
            StudentRecipe recipe) {
        this(shape, classes, normalisation, images, labels, recipe, largest(labels, classes.size()));
    }

    /** The same images and labels with another way to train on them. */
    public DistilledSet withRecipe(StudentRecipe value) {
        return new DistilledSet(shape, classes, normalisation, images, labels, value, members);
    }

    /** Number of synthetic images. */
    public int size() {
        return labels.length / classes.size();
    }

    /** Index of the class that an image stands for. */
    public int classOf(int image) {
        return members[image];
    }

    /** Whether an image has probabilities of more than one class. */
    public boolean soft(int image) {
        return labels[image * classes.size() + members[image]] != 1;
    }

    /** The images at these indices, in this order. */
    public DistilledSet select(int[] chosen) {
        int size = shape.size();
        int known = classes.size();
        float[] chosenImages = new float[chosen.length * size];
        float[] chosenLabels = new float[chosen.length * known];
        int[] chosenMembers = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(images, chosen[i] * size, chosenImages, i * size, size);
            System.arraycopy(labels, chosen[i] * known, chosenLabels, i * known, known);
            chosenMembers[i] = members[chosen[i]];
        }
        return new DistilledSet(shape, classes, normalisation, chosenImages, chosenLabels, recipe, chosenMembers);
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
                        recipe,
                        members);
    }

    /**
     * Tensors {@code images} [n,C,H,W], {@code labels} [n,K], where labels are soft {@code class} [n], and of a whitened
     * set {@code whitening.mean} [D] and {@code whitening.transform} [D,D]; the rest is metadata.
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
        if (IntStream.range(0, size()).anyMatch(this::soft)) {
            tensors.put(MEMBERS, Tensor.of(members, size()));
        }
        return tensors;
    }

    /** The classes in a file's tensor {@code class}, or those of the largest labels where there is none. */
    static int[] members(Safetensors file, float[] labels, int classes) throws FormatException {
        return file.tensors().containsKey(MEMBERS)
                ? Arrays.stream(file.tensor(MEMBERS, Tensor.Type.I32).longs())
                        .mapToInt(Math::toIntExact)
                        .toArray()
                : largest(labels, classes);
    }

    private static int[] largest(float[] labels, int classes) {
        int[] members = new int[classes == 0 ? 0 : labels.length / classes];
        for (int i = 0; i < members.length; i++) {
            int row = i * classes;
            for (int k = 1; k < classes; k++) {
                if (labels[row + k] > labels[row + members[i]]) {
                    members[i] = k;
                }
            }
        }
        return members;
    }
}
