package io.reflux.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's npy format: one array in a file.
 *
 * <p>Layout (numpy.lib.format): 0x93 "NUMPY", version bytes, the header's length (u16 in version 1, u32 in 2 and 3),
 * the header, a Python dict literal padded with spaces and a newline so that the data starts at a multiple of 64, the
 * elements. Written is version 1.0; little-endian arrays in C order are read.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_1_PREFIX = MAGIC.length + 2 + Short.BYTES;
    private static final int VERSION_2_PREFIX = MAGIC.length + 2 + Integer.BYTES;
    private static final int ALIGNMENT = 64;
    private static final int MOST_DIMENSIONS = 32;
    private static final int LONGEST_HEADER = 65_535;
    private static final Pattern DICT = Pattern.compile("\\{(.*)\\}\\s*", Pattern.DOTALL);
    private static final Pattern ITEM =
            Pattern.compile("\\G\\s*'(\\w+)'\\s*:\\s*('[^']*'|True|False|\\([0-9,\\s]*\\))\\s*(?:,\\s*|$)");

    private Npy() {}

    /**
     * The file's bytes.
     *
     * @throws IllegalArgumentException for BF16, which NumPy has not
     */
    public static byte[] encode(Tensor tensor) {
        String descriptor = tensor.type()
                .numpyDescriptor()
                .orElseThrow(() -> new IllegalArgumentException("NumPy has no type for " + tensor));
        String dict =
                "{'descr': '" + descriptor + "', 'fortran_order': False, 'shape': " + tuple(tensor.shape()) + ", }";
        int unpadded = VERSION_1_PREFIX + dict.length() + 1;
        int start = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer file =
                ByteBuffer.allocate(Math.addExact(start, tensor.data().length)).order(ByteOrder.LITTLE_ENDIAN);
        file.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (start - VERSION_1_PREFIX));
        file.put(dict.getBytes(StandardCharsets.US_ASCII));
        file.put(" ".repeat(start - unpadded).getBytes(StandardCharsets.US_ASCII))
                .put((byte) '\n');
        return file.put(tensor.data()).array();
    }

    /**
     * Reads a whole file's bytes.
     *
     * @throws FormatException for anything but a complete little-endian array in C order, without trailing bytes
     */
    public static Tensor decode(byte[] bytes) throws FormatException {
        if (bytes.length < VERSION_1_PREFIX || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new FormatException("these " + bytes.length + " bytes do not start as an npy file");
        }
        int major = bytes[MAGIC.length];
        int minor = bytes[MAGIC.length + 1];
        if (major < 1 || major > 3 || minor != 0) {
            throw new FormatException("npy version " + major + "." + minor + " is unknown; 1.0, 2.0 and 3.0 are known");
        }
        int prefix = major == 1 ? VERSION_1_PREFIX : VERSION_2_PREFIX;
        int length = headerLength(bytes, prefix, major);
        String header = new String(bytes, prefix, length, StandardCharsets.UTF_8);
        return tensor(items(header), bytes, prefix + length);
    }

    private static int headerLength(byte[] bytes, int prefix, int major) throws FormatException {
        if (bytes.length < prefix) {
            throw new FormatException("the npy file ends after " + bytes.length + " bytes, within its prefix");
        }
        ByteBuffer buffer =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length + 2);
        long length = major == 1 ? Short.toUnsignedInt(buffer.getShort()) : Integer.toUnsignedLong(buffer.getInt());
        if (length > LONGEST_HEADER || length > bytes.length - prefix) {
            throw new FormatException("the npy header claims " + length + " bytes, " + (bytes.length - prefix)
                    + " follow and the limit is " + LONGEST_HEADER);
        }
        return (int) length;
    }

    private static Map<String, String> items(String header) throws FormatException {
        Matcher dict = DICT.matcher(header);
        Map<String, String> items = new HashMap<>();
        if (dict.matches()) {
            Matcher item = ITEM.matcher(dict.group(1));
            int end = 0;
            while (item.find()) {
                items.put(item.group(1), item.group(2));
                end = item.end();
            }
            if (end != dict.group(1).length()) {
                items.clear();
            }
        }
        if (items.size() != 3 || !items.keySet().containsAll(List.of("descr", "fortran_order", "shape"))) {
            throw new FormatException("the npy header is not a dict of descr, fortran_order and shape");
        }
        return items;
    }

    private static Tensor tensor(Map<String, String> items, byte[] bytes, int start) throws FormatException {
        String descriptor = items.getOrDefault("descr", "").replace("'", "");
        Tensor.Type type = Tensor.Type.describedBy(descriptor)
                .orElseThrow(() -> new FormatException("npy type '" + descriptor
                        + "' cannot be read; save a little-endian array of a plain type such as uint8 or float32"));
        int[] shape = shape(items.getOrDefault("shape", ""));
        if (!"False".equals(items.get("fortran_order")) && shape.length > 1) {
            throw new FormatException("the array is in Fortran order; save numpy.ascontiguousarray(x)");
        }
        requireSize(type, shape, bytes.length - start);
        return Tensor.wrap(type, shape, Arrays.copyOfRange(bytes, start, bytes.length));
    }

    private static int[] shape(String tuple) throws FormatException {
        try {
            int[] shape = Arrays.stream(tuple.replaceAll("[()\\s]", "").split(","))
                    .filter(size -> !size.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            if (shape.length <= MOST_DIMENSIONS) {
                return shape;
            }
        } catch (NumberFormatException e) {
            throw new FormatException("the npy shape " + tuple + " is not a tuple of sizes below 2^31", e);
        }
        throw new FormatException("the npy shape has more than " + MOST_DIMENSIONS + " dimensions");
    }

    private static void requireSize(Tensor.Type type, int[] shape, int found) throws FormatException {
        long expected;
        try {
            expected = Math.multiplyExact(Tensor.elements(shape), type.width());
        } catch (ArithmeticException e) {
            throw new FormatException("the npy shape " + Arrays.toString(shape) + " is too large for any file", e);
        }
        if (expected != found) {
            throw new FormatException("an array of " + type + " " + Arrays.toString(shape) + " takes " + expected
                    + " bytes, the npy file has " + found);
        }
    }

    private static String tuple(int[] shape) {
        String sizes = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return "(" + sizes + (shape.length == 1 ? ",)" : ")");
    }
}
