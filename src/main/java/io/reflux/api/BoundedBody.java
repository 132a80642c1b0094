package io.reflux.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** A body whose size is not known before it has been read, of which no more than allowed is read. */
final class BoundedBody extends FilterInputStream {
    private final Supplier<ProblemException> tooLarge;
    private final byte[] unread = new byte[8_192];
    private long left;

    /**
     * @param most bytes
     * @param tooLarge called for each attempt to read more
     */
    BoundedBody(InputStream body, long most, Supplier<ProblemException> tooLarge) {
        super(body);
        this.left = most;
        this.tooLarge = tooLarge;
    }

    @Override
    public int read() throws IOException {
        requireSmall();
        int read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        requireSmall();
        int read = super.read(into, from, length);
        count(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        requireSmall();
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Closing reads the rest, without end if the caller sends without end. */
    @Override
    public void close() throws IOException {
        try {
            while (read(unread, 0, unread.length) >= 0) {
                // not of interest
            }
        } catch (ProblemException e) {
            return;
        }
        super.close();
    }

    private void count(long read) {
        left -= read;
        requireSmall();
    }

    private void requireSmall() {
        if (left < 0) {
            throw tooLarge.get();
        }
    }
}
