package io.reflux.api;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stands between a browser and the service on this machine, hears what is asked, can break the way, and can refuse. */
final class Relay implements AutoCloseable {
    private static final int BACKLOG = 50;
    private final int target;
    private final int port;
    private final List<Socket> open = new ArrayList<>();
    private final ByteArrayOutputStream asked = new ByteArrayOutputStream();
    private ServerSocket server;
    private boolean stalled;
    private @Nullable String refusal;

    Relay(int target) {
        this.target = target;
        this.server = listen(0);
        this.port = server.getLocalPort();
        follow(server);
    }

    int port() {
        return port;
    }

    /** Breaks every connection and refuses new ones. */
    synchronized void cut() {
        close(server);
        open.forEach(Relay::close);
        open.clear();
    }

    /** Takes connections again after {@link #cut}, once the thread that took them has let go of the port. */
    synchronized void restore() {
        server = await("the port is free")
                .atMost(ApiFeeds.BOUND)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> listen(port), Objects::nonNull);
        follow(server);
    }

    /** From here on connections stay, and nothing comes through. */
    synchronized void stall() {
        stalled = true;
    }

    /** Lets everything through after {@link #stall}. */
    synchronized void resume() {
        stalled = false;
        notifyAll();
    }

    /** From here on answers what is newly asked of the API as a service that refuses would. */
    synchronized void refuse(int status, String title, String detail) {
        String problem = String.format("{\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}", title, status, detail);
        refusal = String.format(
                "HTTP/1.1 %d No\r\n"
                        + "Content-Type: application/problem+json\r\n"
                        + "Content-Length: %d\r\n"
                        + "Connection: close\r\n\r\n"
                        + "%s",
                status, problem.length(), problem);
    }

    /** Lets the service answer after {@link #refuse}. */
    synchronized void allow() {
        refusal = null;
    }

    /** All that browsers have sent, as Latin-1. */
    synchronized String asked() {
        return asked.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        cut();
        resume();
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void follow(ServerSocket listening) {
        daemon(() -> {
            while (true) {
                connect(listening.accept());
            }
        });
    }

    private synchronized void connect(Socket near) throws IOException {
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(near);
        open.add(far);
        daemon(() -> pump(near, far, true));
        daemon(() -> pump(far, near, false));
    }

    private void pump(Socket from, Socket to, boolean heard) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                pass(buffer, length, heard);
                Optional<String> refused = refused(buffer, length, heard);
                if (refused.isPresent()) {
                    from.getOutputStream().write(refused.get().getBytes(StandardCharsets.ISO_8859_1));
                    return;
                }
                out.write(buffer, 0, length);
            }
        }
    }

    /** A request comes in one piece: it has no content, and is short. */
    private synchronized Optional<String> refused(byte[] buffer, int length, boolean heard) {
        return heard && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).startsWith("GET /api/")
                ? Optional.ofNullable(refusal)
                : Optional.empty();
    }

    private synchronized void pass(byte[] buffer, int length, boolean heard) {
        if (heard) {
            asked.write(buffer, 0, length);
        }
        try {
            while (stalled) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        return; // the way is broken, which is what this is for
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
