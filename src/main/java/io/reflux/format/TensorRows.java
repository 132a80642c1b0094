package io.reflux.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Reads some rows of a tensor from a safetensors file: its header and those bytes, not the rest of the file. */
public final class TensorRows {
    private TensorRows() {}

    /**
     * Rows {@code from} … {@code to − 1} of the tensor's first axis, [to − from, …].
     *
     * @throws FormatException naming the file, if its header is damaged or it has no such rows
     */
    public static Tensor read(Path file, String tensor, int from, int to) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SafetensorsHeader header = header(channel);
            SafetensorsHeader.Entry entry = header.entries().get(tensor);
            if (entry == null || entry.shape().length == 0 || from < 0 || from > to || to > entry.shape()[0]) {
                throw new FormatException("no rows " + from + " to " + to + " of a tensor '" + tensor + "' in "
                        + header.entries().keySet()
                        + (entry == null ? "" : ", whose shape is " + Arrays.toString(entry.shape())));
            }
            int[] shape = entry.shape().clone();
            long row = shape[0] == 0 ? 0 : (entry.end() - entry.begin()) / shape[0];
            shape[0] = to - from;
            long start = header.dataStart() + entry.begin() + from * row;
            return Tensor.wrap(entry.type(), shape, bytes(channel, start, Math.multiplyExact(to - from, row)));
        } catch (FormatException e) {
            throw new FormatException(file + ": " + e.getMessage(), e);
        }
    }

    private static SafetensorsHeader header(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < Safetensors.PREFIX_BYTES) {
            throw new FormatException("a safetensors file has at least 8 bytes, this one has " + size);
        }
        long length = ByteBuffer.wrap(bytes(channel, 0, Safetensors.PREFIX_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        boolean readable =
                length >= 0 && length <= Math.min(size - Safetensors.PREFIX_BYTES, SafetensorsHeader.LONGEST_HEADER);
        // a length that cannot be is for the decoder to refuse
        return SafetensorsHeader.decode(bytes(channel, 0, Safetensors.PREFIX_BYTES + (readable ? length : 0)), size);
    }

    private static byte[] bytes(FileChannel channel, long position, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(count));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the file ends at byte " + (position + buffer.position()) + ", expected "
                        + buffer.remaining() + " more");
            }
        }
        return buffer.array();
    }
}
