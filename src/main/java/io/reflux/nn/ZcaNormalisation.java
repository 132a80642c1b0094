package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.reflux.image.ImageShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * ZCA whitening of whole images: x' = (x/255 − μ)·T, with D = C·H·W values an image; see {@link Whitening}.
 *
 * <p>Images pass through the engine in chunks, on the processor, because it happens once, before any training: 10,000 of
 * 3×32×32 take two seconds. T is 4·D² bytes. T⁻¹, for viewing only, is computed when it is first asked for, by 2·D³
 * multiplications: one or two seconds for 3×32×32.
 */
public final class ZcaNormalisation implements Normalisation {
    /** What the dataset-distillation papers add to every eigenvalue. */
    public static final float EPSILON = 0.1f;

    private static final int CHUNK = 512;
    private static final int FLOATS_AT_ONCE = 1 << 16;

    private final float epsilon;
    private final float[] mean;
    private final float[] transform;
    private final String digest;
    private volatile float @Nullable [] inverse;

    /**
     * Takes the arrays over without copying them.
     *
     * @param epsilon that was added to every eigenvalue
     * @param mean μ [D], in [0,1]
     * @param transform T [D,D]
     */
    public ZcaNormalisation(float epsilon, float[] mean, float[] transform) {
        if (mean.length == 0 || transform.length != (long) mean.length * mean.length) {
            throw new IllegalArgumentException("a whitening of " + mean.length + " values needs a matrix of "
                    + (long) mean.length * mean.length + " numbers, not of " + transform.length);
        }
        this.epsilon = epsilon;
        this.mean = mean;
        this.transform = transform;
        this.digest = digest(mean, transform);
    }

    /**
     * Reads what {@link #toBytes()} wrote.
     *
     * @throws IllegalArgumentException when there is no D for which so many bytes are μ and T
     */
    public static ZcaNormalisation fromBytes(float epsilon, byte[] bytes) {
        long floats = bytes.length / Float.BYTES;
        int dimensions = (int) ((Math.sqrt(4.0 * floats + 1) - 1) / 2);
        if (bytes.length % Float.BYTES != 0 || dimensions + (long) dimensions * dimensions != floats) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes are no mean of D values and matrix of D·D for any D");
        }
        FloatBuffer values =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] mean = new float[dimensions];
        float[] transform = new float[dimensions * dimensions];
        values.get(mean).get(transform);
        return new ZcaNormalisation(epsilon, mean, transform);
    }

    /** D. */
    public int dimensions() {
        return mean.length;
    }

    /** ε. */
    public float epsilon() {
        return epsilon;
    }

    /** μ [D]. */
    public float[] mean() {
        return mean.clone();
    }

    /** T [D,D]. */
    public float[] transform() {
        return transform.clone();
    }

    /** Lower-case hexadecimal SHA-256 of {@link #toBytes()}. */
    public String digest() {
        return digest;
    }

    /** μ and T, one after the other, as little-endian float32. */
    public byte[] toBytes() {
        long bytes = Float.BYTES * (mean.length + (long) transform.length);
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(mean).put(transform);
        return buffer.array();
    }

    @Override
    public boolean fits(ImageShape shape) {
        return shape.size() == mean.length;
    }

    @Override
    public float[] apply(byte[] pixels, ImageShape shape) {
        return whitened(pixels.length, shape, i -> (pixels[i] & 0xff) / 255f);
    }

    @Override
    public float[] normalise(float[] brightness, ImageShape shape) {
        return whitened(brightness.length, shape, i -> brightness[i]);
    }

    @Override
    public float[] restore(float[] values, ImageShape shape) {
        requireImages(values.length, shape);
        float[] brightness = multiplied(inverse(), values.length, i -> values[i]);
        for (int i = 0; i < brightness.length; i++) {
            brightness[i] += mean[i % mean.length];
        }
        return brightness;
    }

    private float[] whitened(int length, ImageShape shape, Values brightness) {
        requireImages(length, shape);
        return multiplied(transform, length, i -> brightness.at(i) - mean[i % mean.length]);
    }

    private void requireImages(int length, ImageShape shape) {
        if (!fits(shape) || length % mean.length != 0) {
            throw new IllegalArgumentException(length + " values of images of shape " + shape
                    + " cannot be whitened by a matrix for " + mean.length + " values an image");
        }
    }

    /** Rows [length/D, D] times a matrix, a chunk of rows at a time. */
    private float[] multiplied(float[] matrix, int length, Values values) {
        float[] products = new float[length];
        int side = mean.length;
        try (NDManager owner = Compute.onHost();
                NDArray factor = TensorSession.place(owner, matrix, new Shape(side, side))) {
            for (int from = 0; from < length; from += CHUNK * side) {
                float[] rows = new float[Math.min(CHUNK * side, length - from)];
                for (int i = 0; i < rows.length; i++) {
                    rows[i] = values.at(from + i);
                }
                try (NDArray chunk = TensorSession.place(owner, rows, new Shape(rows.length / side, side));
                        NDArray product = chunk.matMul(factor)) {
                    System.arraycopy(HostReads.floats(product), 0, products, from, rows.length);
                }
            }
        }
        return products;
    }

    private float[] inverse() {
        float[] known = inverse;
        if (known == null) {
            known = inverted();
            inverse = known;
        }
        return known;
    }

    private float[] inverted() {
        try (NDManager owner = Compute.onHost();
                NDArray matrix = TensorSession.place(owner, transform, new Shape(mean.length, mean.length));
                NDArray exact = matrix.toType(DataType.FLOAT64, true);
                NDArray inverted = exact.inverse();
                NDArray rounded = inverted.toType(DataType.FLOAT32, true)) {
            return HostReads.floats(rounded);
        }
    }

    private static String digest(float[]... arrays) {
        MessageDigest sha256 = sha256();
        ByteBuffer buffer = ByteBuffer.allocate(FLOATS_AT_ONCE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] array : arrays) {
            for (int from = 0; from < array.length; from += FLOATS_AT_ONCE) {
                int count = Math.min(FLOATS_AT_ONCE, array.length - from);
                buffer.asFloatBuffer().put(array, from, count);
                sha256.update(buffer.array(), 0, count * Float.BYTES);
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ZcaNormalisation that && epsilon == that.epsilon && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return "ZCA whitening of " + mean.length + " values, epsilon " + epsilon + ", SHA-256 " + digest;
    }

    /** Numbers by their place. */
    private interface Values {
        float at(int index);
    }
}
