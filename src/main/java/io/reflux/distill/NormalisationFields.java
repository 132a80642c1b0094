package io.reflux.distill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.image.ImageShape;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.Normalisation;
import io.reflux.nn.ZcaNormalisation;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a normalisation stands in a set's file: numbers of channels in the metadata; of a whitening its kind, ε and digest
 * in the metadata, and the numbers as tensors.
 */
final class NormalisationFields {
    private static final String KIND = "normalisation.kind";
    private static final String ZCA = "zca";
    private static final String MEAN = "normalisation.mean";
    private static final String DEVIATION = "normalisation.deviation";
    private static final String EPSILON = "normalisation.epsilon";
    private static final String DIGEST = "normalisation.digest";
    private static final String WHITENING_MEAN = "whitening.mean";
    private static final String WHITENING_TRANSFORM = "whitening.transform";
    private static final ObjectMapper JSON = new ObjectMapper();

    private NormalisationFields() {}

    static Map<String, String> metadata(Normalisation normalisation) {
        if (normalisation instanceof ZcaNormalisation zca) {
            return Map.of(KIND, ZCA, EPSILON, Float.toString(zca.epsilon()), DIGEST, zca.digest());
        }
        ChannelNormalisation channels = (ChannelNormalisation) normalisation;
        return Map.of(MEAN, json(channels.mean()), DEVIATION, json(channels.deviation()));
    }

    /** Tensors of a whitening; none for a normalisation by channel. */
    static Map<String, Tensor> tensors(Normalisation normalisation) {
        if (normalisation instanceof ZcaNormalisation zca) {
            int side = zca.dimensions();
            return Map.of(
                    WHITENING_MEAN, Tensor.of(zca.mean(), side),
                    WHITENING_TRANSFORM, Tensor.of(zca.transform(), side, side));
        }
        return Map.of();
    }

    /**
     * @param elsewhere the whitening of a file that only names one; null when there is none
     * @throws FormatException when something is missing, or does not fit the images or the digest
     */
    static Normalisation read(Safetensors file, ImageShape shape, @Nullable ZcaNormalisation elsewhere)
            throws FormatException, JsonProcessingException {
        String kind = file.metadata().get(KIND);
        if (kind == null && elsewhere != null) {
            throw new FormatException("the set is normalised by channel, not by the whitening " + elsewhere.digest());
        }
        if (kind == null) {
            return new ChannelNormalisation(numbers(file, MEAN), numbers(file, DEVIATION));
        }
        if (!kind.equals(ZCA)) {
            throw new FormatException(
                    "the set is in the normalisation '" + kind + "', which this version does not know");
        }
        return elsewhere == null ? whitening(file, shape) : named(file, elsewhere);
    }

    /**
     * A whitening of images of this shape from its tensors.
     *
     * @throws FormatException when they are missing, have other shapes or are not what the digest says
     * @throws NumberFormatException when ε is no number
     */
    static ZcaNormalisation whitening(Safetensors file, ImageShape shape) throws FormatException {
        int side = shape.size();
        return named(
                file,
                new ZcaNormalisation(
                        Float.parseFloat(file.meta(EPSILON)),
                        floats(file, WHITENING_MEAN, side),
                        floats(file, WHITENING_TRANSFORM, side, side)));
    }

    private static ZcaNormalisation named(Safetensors file, ZcaNormalisation found) throws FormatException {
        if (!found.digest().equals(file.meta(DIGEST))) {
            throw new FormatException("the whitening matrix has the SHA-256 " + found.digest() + ", its metadata names "
                    + file.meta(DIGEST));
        }
        return found;
    }

    private static float[] floats(Safetensors file, String name, int... shape) throws FormatException {
        Tensor tensor = file.tensor(name, Tensor.Type.F32);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new FormatException("'" + name + "' is a " + tensor + ", but images of " + shape[0] + " values need "
                    + Arrays.toString(shape));
        }
        return FiniteValues.of(tensor, name);
    }

    private static float[] numbers(Safetensors file, String key) throws FormatException, JsonProcessingException {
        float[] values = JSON.readValue(file.meta(key), float[].class);
        if (values == null) {
            throw new FormatException("'" + key + "' is " + file.meta(key) + ", not an array of numbers");
        }
        return values;
    }

    private static String json(float[] values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
