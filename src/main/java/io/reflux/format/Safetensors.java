package io.reflux.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of a safetensors file: named tensors and a string-to-string metadata map.
 *
 * <p>Layout (Hugging Face safetensors): the header's length as a little-endian u64; the header, a JSON object of each
 * tensor's dtype, shape and byte range, padded with spaces; the tensors' bytes, without gap or overlap.
 *
 * @param tensors by name, in the order given or, when decoded, in the header's order
 * @param metadata free strings
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    static final int PREFIX_BYTES = Long.BYTES;
    private static final int ALIGNMENT = 8;

    /** Wide elements first, so that every tensor stands aligned to its own width. */
    private static final Comparator<Map.Entry<String, Tensor>> LAYOUT =
            Comparator.<Map.Entry<String, Tensor>>comparingInt(
                            entry -> -entry.getValue().type().width())
                    .thenComparing(Map.Entry.comparingByKey());

    public Safetensors {
        if (tensors.containsKey(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("no tensor can be named " + SafetensorsHeader.METADATA);
        }
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** The file's bytes; equal contents give equal bytes, whatever the order of the maps. */
    public byte[] encode() {
        List<Map.Entry<String, Tensor>> layout = new ArrayList<>(tensors.entrySet());
        layout.sort(LAYOUT);
        byte[] header = SafetensorsHeader.encode(layout, metadata);
        int padded = Math.addExact(header.length, -header.length & (ALIGNMENT - 1));
        long length = PREFIX_BYTES + (long) padded;
        for (Map.Entry<String, Tensor> entry : layout) {
            length += entry.getValue().data().length;
        }
        ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded).put(header);
        while (file.position() < PREFIX_BYTES + padded) {
            file.put((byte) ' ');
        }
        layout.forEach(entry -> file.put(entry.getValue().data()));
        return file.array();
    }

    /**
     * Reads a whole file's bytes and allocates no more than they take.
     *
     * @throws FormatException for anything that is not a complete, exactly filled safetensors file
     */
    public static Safetensors decode(byte[] bytes) throws FormatException {
        return SafetensorsHeader.decode(bytes).tensors(bytes);
    }

    /**
     * Reads the metadata of a whole file's bytes, and leaves the tensors alone.
     *
     * @throws FormatException when they have no readable header
     */
    public static Map<String, String> metadata(byte[] bytes) throws FormatException {
        return SafetensorsHeader.decode(bytes).metadata();
    }

    /**
     * The tensor of that name.
     *
     * @throws FormatException if there is none, naming those there are
     */
    public Tensor tensor(String name) throws FormatException {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new FormatException("no tensor named '" + name + "'; there are " + tensors.keySet());
        }
        return tensor;
    }

    /**
     * The tensor of that name, if it has that type.
     *
     * @throws FormatException if there is none or it has another type
     */
    public Tensor tensor(String name, Tensor.Type type) throws FormatException {
        Tensor tensor = tensor(name);
        if (tensor.type() != type) {
            throw new FormatException("'" + name + "' is a " + tensor + ", expected " + type);
        }
        return tensor;
    }

    /**
     * The metadata value of that key.
     *
     * @throws FormatException if there is none, naming the keys there are
     */
    public String meta(String key) throws FormatException {
        String value = metadata.get(key);
        if (value == null) {
            throw new FormatException("no metadata under '" + key + "'; there are " + metadata.keySet());
        }
        return value;
    }

    /** Writes the file as a whole or not at all; see {@link AtomicFile}. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, encode());
    }

    /**
     * Reads a file of at most 2 GiB.
     *
     * @throws FormatException naming the file, if its content is damaged
     */
    public static Safetensors read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > Integer.MAX_VALUE - ALIGNMENT) {
            throw new FormatException(file + " has " + size + " bytes; files above 2 GiB cannot be read");
        }
        try {
            return decode(Files.readAllBytes(file));
        } catch (FormatException e) {
            throw new FormatException(file + ": " + e.getMessage(), e);
        }
    }
}
