package io.reflux.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JSON header of a safetensors file: where each tensor stands, and the metadata. */
record SafetensorsHeader(int dataStart, Map<String, Entry> entries, Map<String, String> metadata) {
    static final String METADATA = "__metadata__";

    /** The limit of the reference implementation. */
    static final int LONGEST_HEADER = 100_000_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    /** A tensor's type, shape and byte range, relative to the end of the header. */
    record Entry(Tensor.Type type, int[] shape, long begin, long end) {}

    static byte[] encode(List<Map.Entry<String, Tensor>> layout, Map<String, String> metadata) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            writeMetadata(json, metadata);
            long offset = 0;
            for (Map.Entry<String, Tensor> named : layout) {
                json.writeFieldName(named.getKey());
                offset = writeEntry(json, named.getValue(), offset);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void writeMetadata(JsonGenerator json, Map<String, String> metadata) throws IOException {
        if (metadata.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static long writeEntry(JsonGenerator json, Tensor tensor, long begin) throws IOException {
        int[] shape = tensor.shape();
        long end = begin + tensor.data().length;
        json.writeStartObject();
        json.writeStringField("dtype", tensor.type().name());
        json.writeFieldName("shape");
        json.writeArray(shape, 0, shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, end}, 0, 2);
        json.writeEndObject();
        return end;
    }

    static SafetensorsHeader decode(byte[] bytes) throws FormatException {
        return decode(bytes, bytes.length);
    }

    /**
     * @param bytes the file's, from its beginning to the end of the header at least
     * @param fileBytes how many the whole file has
     */
    static SafetensorsHeader decode(byte[] bytes, long fileBytes) throws FormatException {
        int length = headerLength(bytes, fileBytes);
        String text = new String(bytes, Safetensors.PREFIX_BYTES, length, StandardCharsets.UTF_8);
        if (!text.startsWith("{")) {
            throw new FormatException("the header does not start with '{'");
        }
        int dataStart = Safetensors.PREFIX_BYTES + length;
        SafetensorsHeader header = new SafetensorsHeader(dataStart, new LinkedHashMap<>(), new LinkedHashMap<>());
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            header.readObject(json);
            if (json.nextToken() != null) {
                throw new FormatException("the header goes on after its JSON object");
            }
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            throw new FormatException("the header of " + length + " bytes is not valid JSON: " + e.getMessage(), e);
        }
        header.requireFilled(fileBytes - dataStart);
        return header;
    }

    /** The tensors of the file this header was decoded from. */
    Safetensors tensors(byte[] bytes) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            byte[] data = Arrays.copyOfRange(bytes, dataStart + (int) entry.begin, dataStart + (int) entry.end);
            tensors.put(name, Tensor.wrap(entry.type, entry.shape, data));
        });
        return new Safetensors(tensors, metadata);
    }

    private static int headerLength(byte[] bytes, long fileBytes) throws FormatException {
        if (bytes.length < Safetensors.PREFIX_BYTES) {
            throw new FormatException("a safetensors file has at least 8 bytes, this one has " + bytes.length);
        }
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > LONGEST_HEADER || length > fileBytes - Safetensors.PREFIX_BYTES) {
            throw new FormatException("the header claims " + Long.toUnsignedString(length) + " bytes, the file has "
                    + (fileBytes - Safetensors.PREFIX_BYTES) + " after the length and the limit is "
                    + LONGEST_HEADER);
        }
        return (int) length;
    }

    private void readObject(JsonParser json) throws IOException {
        require(json, JsonToken.START_OBJECT, "the header");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals(METADATA)) {
                readMetadata(json);
            } else {
                entries.put(name, readEntry(json, "tensor '" + name + "'"));
            }
        }
    }

    private void readMetadata(JsonParser json) throws IOException {
        require(json, JsonToken.START_OBJECT, METADATA);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            require(json, JsonToken.VALUE_STRING, "metadata '" + key + "'");
            metadata.put(key, json.getText());
        }
    }

    private static Entry readEntry(JsonParser json, String what) throws IOException {
        String type = "";
        long[] shape = {-1};
        long[] offsets = {};
        require(json, JsonToken.START_OBJECT, what);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "dtype" -> {
                    require(json, JsonToken.VALUE_STRING, what + " dtype");
                    type = json.getText();
                }
                case "shape" -> shape = readNumbers(json, what + " shape");
                case "data_offsets" -> offsets = readNumbers(json, what + " data_offsets");
                default -> throw new FormatException(what + " has the unknown field '" + key + "'");
            }
        }
        return entry(what, type, shape, offsets);
    }

    private static long[] readNumbers(JsonParser json, String what) throws IOException {
        long[] numbers = new long[4];
        int count = 0;
        require(json, JsonToken.START_ARRAY, what);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json, JsonToken.VALUE_NUMBER_INT, what);
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = json.getLongValue();
        }
        return Arrays.copyOf(numbers, count);
    }

    private static Entry entry(String what, String typeName, long[] shape, long[] offsets) throws FormatException {
        Tensor.Type type = Tensor.Type.named(typeName)
                .orElseThrow(() -> new FormatException(what + " has the unknown dtype '" + typeName + "', known are "
                        + Arrays.toString(Tensor.Type.values())));
        if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0]) {
            throw new FormatException(what + " has data_offsets " + Arrays.toString(offsets)
                    + ", expected [begin, end] with 0 <= begin <= end");
        }
        long bytes = type.width();
        for (long size : shape) {
            if (size < 0 || size > Integer.MAX_VALUE) {
                throw new FormatException(what + " has the missing or impossible shape " + Arrays.toString(shape));
            }
            bytes = multiply(bytes, size, what, shape);
        }
        if (bytes != offsets[1] - offsets[0]) {
            throw new FormatException(what + " of " + type + " " + Arrays.toString(shape) + " takes " + bytes
                    + " bytes, its data_offsets " + Arrays.toString(offsets) + " hold " + (offsets[1] - offsets[0]));
        }
        return new Entry(type, Arrays.stream(shape).mapToInt(Math::toIntExact).toArray(), offsets[0], offsets[1]);
    }

    private static long multiply(long bytes, long size, String what, long[] shape) throws FormatException {
        try {
            return Math.multiplyExact(bytes, size);
        } catch (ArithmeticException e) {
            throw new FormatException(
                    what + " has the shape " + Arrays.toString(shape) + ", too large for any file", e);
        }
    }

    /** Every byte of the data belongs to exactly one tensor. */
    private void requireFilled(long dataBytes) throws FormatException {
        List<Map.Entry<String, Entry>> sorted = entries.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(
                        Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)))
                .toList();
        long position = 0;
        for (Map.Entry<String, Entry> named : sorted) {
            if (named.getValue().begin != position) {
                throw new FormatException("tensor '" + named.getKey() + "' begins at byte " + named.getValue().begin
                        + ", expected " + position + ": tensors neither overlap nor leave gaps");
            }
            position = named.getValue().end;
        }
        if (position != dataBytes) {
            throw new FormatException("the tensors take " + position + " bytes, the file has " + dataBytes);
        }
    }

    private static void require(JsonParser json, JsonToken token, String what) throws IOException {
        if (json.currentToken() != token) {
            throw new FormatException(what + " should be " + token + ", found " + json.currentToken());
        }
    }
}
