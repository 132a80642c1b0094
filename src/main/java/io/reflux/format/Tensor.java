package io.reflux.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** An array of numbers of one type and shape, in row-major order, as little-endian bytes. */
public final class Tensor {
    /** Element types by their safetensors names, with NumPy's descriptor where there is one. */
    public enum Type {
        BOOL(1, "|b1"),
        U8(1, "|u1"),
        I8(1, "|i1"),
        U16(2, "<u2"),
        I16(2, "<i2"),
        F16(2, "<f2"),
        BF16(2, ""),
        U32(4, "<u4"),
        I32(4, "<i4"),
        F32(4, "<f4"),
        U64(8, "<u8"),
        I64(8, "<i8"),
        F64(8, "<f8");

        private final int width;
        private final String numpyDescriptor;

        Type(int width, String numpyDescriptor) {
            this.width = width;
            this.numpyDescriptor = numpyDescriptor;
        }

        /** Bytes an element takes. */
        public int width() {
            return width;
        }

        /** NumPy's descriptor such as {@code <f4}; empty for BF16, which NumPy has not. */
        Optional<String> numpyDescriptor() {
            return Optional.of(numpyDescriptor).filter(descriptor -> !descriptor.isEmpty());
        }

        static Optional<Type> named(String name) {
            return Arrays.stream(values())
                    .filter(type -> type.name().equals(name))
                    .findFirst();
        }

        static Optional<Type> describedBy(String descriptor) {
            return Arrays.stream(values())
                    .filter(type -> type.numpyDescriptor.equals(descriptor) && !descriptor.isEmpty())
                    .findFirst();
        }
    }

    private final Type type;
    private final int[] shape;
    private final byte[] data;

    /** Takes the arrays over without copying them. */
    private Tensor(Type type, int[] shape, byte[] data) {
        long expected = Math.multiplyExact(elements(shape), type.width);
        if (expected != data.length) {
            throw new IllegalArgumentException("a tensor of " + type + " " + Arrays.toString(shape) + " takes "
                    + expected + " bytes, got " + data.length);
        }
        this.type = type;
        this.shape = shape;
        this.data = data;
    }

    /** F32 values of the given shape. */
    public static Tensor of(float[] values, int... shape) {
        ByteBuffer buffer = littleEndian(values.length, Type.F32);
        buffer.asFloatBuffer().put(values);
        return new Tensor(Type.F32, shape.clone(), buffer.array());
    }

    /** F64 values of the given shape. */
    public static Tensor of(double[] values, int... shape) {
        ByteBuffer buffer = littleEndian(values.length, Type.F64);
        buffer.asDoubleBuffer().put(values);
        return new Tensor(Type.F64, shape.clone(), buffer.array());
    }

    /** U8 values of the given shape. */
    public static Tensor of(byte[] values, int... shape) {
        return new Tensor(Type.U8, shape.clone(), values.clone());
    }

    /** I32 values of the given shape. */
    public static Tensor of(int[] values, int... shape) {
        ByteBuffer buffer = littleEndian(values.length, Type.I32);
        buffer.asIntBuffer().put(values);
        return new Tensor(Type.I32, shape.clone(), buffer.array());
    }

    /** I64 values of the given shape. */
    public static Tensor of(long[] values, int... shape) {
        ByteBuffer buffer = littleEndian(values.length, Type.I64);
        buffer.asLongBuffer().put(values);
        return new Tensor(Type.I64, shape.clone(), buffer.array());
    }

    /**
     * A tensor of any type from its little-endian bytes.
     *
     * @throws IllegalArgumentException if the shape's size times the type's width is not the number of bytes
     */
    public static Tensor ofLittleEndian(Type type, int[] shape, byte[] data) {
        return new Tensor(type, shape.clone(), data.clone());
    }

    /** The same without a copy, for decoders that have just made the array. */
    static Tensor wrap(Type type, int[] shape, byte[] data) {
        return new Tensor(type, shape, data);
    }

    public Type type() {
        return type;
    }

    public int[] shape() {
        return shape.clone();
    }

    /** The product of the shape; 1 for a scalar, whose shape is empty. */
    public long elements() {
        return elements(shape);
    }

    /**
     * The values of an F32 tensor.
     *
     * @throws IllegalStateException if it is of another type
     */
    public float[] floats() {
        requireType(Type.F32);
        float[] values = new float[data.length / Type.F32.width];
        buffer().asFloatBuffer().get(values);
        return values;
    }

    /**
     * The values of an F64 or F32 tensor.
     *
     * @throws IllegalStateException if it is of another type
     */
    public double[] doubles() {
        requireType(Type.F64, Type.F32);
        double[] values = new double[data.length / type.width];
        if (type == Type.F64) {
            buffer().asDoubleBuffer().get(values);
        } else {
            Arrays.setAll(values, i -> buffer().getFloat(i * Type.F32.width));
        }
        return values;
    }

    /**
     * The values of a U8 tensor.
     *
     * @throws IllegalStateException if it is of another type
     */
    public byte[] bytes() {
        requireType(Type.U8);
        return data.clone();
    }

    /**
     * The values of an I64 or I32 tensor.
     *
     * @throws IllegalStateException if it is of another type
     */
    public long[] longs() {
        requireType(Type.I64, Type.I32);
        long[] values = new long[data.length / type.width];
        if (type == Type.I64) {
            buffer().asLongBuffer().get(values);
        } else {
            Arrays.setAll(values, i -> buffer().getInt(i * Type.I32.width));
        }
        return values;
    }

    /** The elements' little-endian bytes, whatever the type. */
    public byte[] littleEndianBytes() {
        return data.clone();
    }

    /** The same without a copy, for encoders that only read. */
    byte[] data() {
        return data;
    }

    /** The product of a shape; throws if an entry is negative or the product exceeds a long. */
    static long elements(int[] shape) {
        long elements = 1;
        for (int size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(shape) + " has the negative size " + size);
            }
            elements = Math.multiplyExact(elements, size);
        }
        return elements;
    }

    private void requireType(Type... accepted) {
        if (!Arrays.asList(accepted).contains(type)) {
            throw new IllegalStateException(this + " does not hold " + Arrays.toString(accepted) + " values");
        }
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer littleEndian(int elements, Type type) {
        return ByteBuffer.allocate(Math.multiplyExact(elements, type.width)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "tensor " + type + " " + Arrays.toString(shape);
    }
}
