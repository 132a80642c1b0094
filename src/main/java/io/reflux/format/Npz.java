package io.reflux.format;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** NumPy's npz format: named arrays as a ZIP archive of npy files. */
public final class Npz {
    /** What {@link #decode(byte[])} accepts: arrays, and their bytes together when unpacked. */
    public static final int MOST_ARRAYS = 4096;

    public static final long MOST_BYTES = 1L << 30;

    private static final String SUFFIX = ".npy";
    private static final LocalDateTime TIMESTAMP = LocalDateTime.of(1980, 1, 1, 0, 0);
    private static final int END_RECORD = 0x06054b50;
    private static final int END_RECORD_BYTES = 22;
    private static final int END_RECORD_COUNT = 10;
    private static final int UNKNOWN_COUNT = 0xffff;

    private Npz() {}

    /** The archive's bytes, uncompressed; the same arrays in the same order give the same bytes. */
    public static byte[] encode(Map<String, Tensor> arrays) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, Tensor> named : arrays.entrySet()) {
                byte[] content = Npy.encode(named.getValue());
                zip.putNextEntry(stored(named.getKey() + SUFFIX, content));
                zip.write(content);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing an npz archive of " + arrays.keySet() + " to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a whole archive, stored or deflated, of at most {@link #MOST_ARRAYS} arrays and {@link #MOST_BYTES}
     * unpacked bytes.
     *
     * @throws FormatException for anything else
     */
    public static Map<String, Tensor> decode(byte[] bytes) throws FormatException {
        return decode(bytes, MOST_ARRAYS, MOST_BYTES);
    }

    /**
     * Reads a whole archive within the given limits.
     *
     * @throws FormatException for anything that is not a complete npz archive within the limits
     */
    public static Map<String, Tensor> decode(byte[] bytes, int mostArrays, long mostBytes) throws FormatException {
        int count = entryCount(bytes);
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            long left = mostBytes;
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] content = unpack(zip, entry.getName(), left);
                left -= content.length;
                put(arrays, entry.getName(), content);
                if (arrays.size() > mostArrays) {
                    throw new FormatException("the npz archive has more than " + mostArrays + " arrays");
                }
            }
        } catch (FormatException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new FormatException("the npz archive is damaged: " + e.getMessage(), e);
        }
        if (count != UNKNOWN_COUNT && count != arrays.size()) {
            throw new FormatException("the npz archive lists " + count + " arrays and holds " + arrays.size());
        }
        return arrays;
    }

    private static ZipEntry stored(String name, byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        entry.setTimeLocal(TIMESTAMP);
        return entry;
    }

    private static byte[] unpack(ZipInputStream zip, String name, long mostBytes) throws IOException {
        int most = (int) Math.min(mostBytes, Integer.MAX_VALUE - 16);
        byte[] content = zip.readNBytes(most);
        if (content.length == most && zip.read() >= 0) {
            throw new FormatException("array '" + name + "' exceeds the " + mostBytes + " bytes still allowed");
        }
        return content;
    }

    private static void put(Map<String, Tensor> arrays, String entry, byte[] content) throws FormatException {
        if (!entry.endsWith(SUFFIX)) {
            throw new FormatException("the npz archive holds '" + entry + "', which is no npy file");
        }
        String name = entry.substring(0, entry.length() - SUFFIX.length());
        try {
            if (arrays.put(name, Npy.decode(content)) != null) {
                throw new FormatException("it appears twice");
            }
        } catch (FormatException e) {
            throw new FormatException("array '" + name + "': " + e.getMessage(), e);
        }
    }

    /** A ZIP stream reads well without its directory, so only the end record tells a truncated archive. */
    private static int entryCount(byte[] bytes) throws FormatException {
        ByteBuffer archive = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int lowest = Math.max(0, bytes.length - END_RECORD_BYTES - UNKNOWN_COUNT);
        for (int at = bytes.length - END_RECORD_BYTES; at >= lowest; at--) {
            int comment = Short.toUnsignedInt(archive.getShort(at + END_RECORD_BYTES - Short.BYTES));
            if (archive.getInt(at) == END_RECORD && at + END_RECORD_BYTES + comment == bytes.length) {
                return Short.toUnsignedInt(archive.getShort(at + END_RECORD_COUNT));
            }
        }
        throw new FormatException("these " + bytes.length + " bytes do not end as a ZIP archive");
    }
}
