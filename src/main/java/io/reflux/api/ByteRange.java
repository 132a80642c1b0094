package io.reflux.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a download, first and last byte (RFC 9110, section 14). Of several ranges in one header none is honoured,
 * which the standard allows.
 */
record ByteRange(int first, int last) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d*)-(\\d*)");
    private static final String BYTES = "bytes";

    /**
     * The content, or the part that the caller asks for.
     *
     * @param headers of the call
     * @param tag of the content, quoted; what {@code If-Range} has to give for a part
     */
    static ResponseBuilder respond(byte[] content, HttpHeaders headers, String tag) {
        String condition = headers.getHeaderString("If-Range");
        String wanted = headers.getHeaderString("Range");
        if (wanted == null || condition != null && !condition.equals(tag)) {
            return whole(content);
        }
        Matcher range = ONE.matcher(wanted.strip());
        if (!range.matches()) {
            return whole(content);
        }
        ByteRange part = of(range.group(1), range.group(2), content.length);
        if (part == null) {
            throw ProblemException.noSuchRange(wanted, content.length);
        }
        return Response.status(Response.Status.PARTIAL_CONTENT)
                .entity(Arrays.copyOfRange(content, part.first(), part.last() + 1))
                .header("Accept-Ranges", BYTES)
                .header("Content-Range", BYTES + " " + part.first() + "-" + part.last() + "/" + content.length);
    }

    private static ResponseBuilder whole(byte[] content) {
        return Response.ok(content).header("Accept-Ranges", BYTES);
    }

    /** @return null when no byte of the content is in the range */
    private static @Nullable ByteRange of(String from, String to, int length) {
        if (from.isEmpty()) {
            long count = to.isEmpty() ? 0 : number(to);
            return count == 0 || length == 0 ? null : new ByteRange((int) Math.max(0, length - count), length - 1);
        }
        long first = number(from);
        long last = to.isEmpty() ? length - 1L : Math.min(number(to), length - 1L);
        return first > last ? null : new ByteRange((int) first, (int) last);
    }

    /** Digits that make no long are beyond every content. */
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
