package io.reflux.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Requests as they stand, which no client of HTTP would write. */
final class RawHttp {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private RawHttp() {}

    /** @param ofHead whether the request was a HEAD, so that there is no body */
    record Answer(int status, String contentType, String body, boolean ofHead) {}

    /** Sends a request on a connection of its own and reads the answer; of events only the head. */
    static Answer ask(URI address, byte[] request) throws IOException {
        boolean ofHead = new String(request, 0, 5, StandardCharsets.US_ASCII).equals("HEAD ");
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                OutputStream out = socket.getOutputStream();
                out.write(request);
                out.flush();
            } catch (SocketException e) {
                // answered and closed before all of it was sent
            }
            return parse(read(socket.getInputStream(), ofHead), ofHead);
        }
    }

    /** Sends a request on a connection of its own and closes it without waiting for the answer. */
    static void hangUp(URI address, byte[] request) throws IOException {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
        }
    }

    private static String read(InputStream in, boolean ofHead) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8_192];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes.write(buffer, 0, read);
                String so = bytes.toString(StandardCharsets.ISO_8859_1);
                if (so.contains(END_OF_HEAD)
                        && (ofHead || so.toLowerCase(Locale.ROOT).contains("text/event-stream"))) {
                    break;
                }
            }
        } catch (SocketException e) {
            // closed by the other side with bytes of ours unread
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Answer parse(String text, boolean ofHead) {
        int end = text.indexOf(END_OF_HEAD);
        if (!text.startsWith("HTTP/1.") || end < 0) {
            return new Answer(0, "", text, ofHead);
        }
        String type = "";
        boolean chunked = false;
        for (String line : text.substring(0, end).split("\r\n")) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-type:")) {
                type = line.substring("content-type:".length()).strip();
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        }
        String body = text.substring(end + END_OF_HEAD.length());
        return new Answer(
                Integer.parseInt(text.substring(9, 12)),
                type.split(";")[0],
                chunked ? body.replaceAll("(?m)^[0-9a-fA-F]+\r\n|\r\n$", "") : body,
                ofHead);
    }
}
