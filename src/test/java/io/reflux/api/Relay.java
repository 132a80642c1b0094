package io.reflux.api;

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
import java.util.ArrayList;
import java.util.List;

/** Stands between a browser and the service on this machine, hears what is asked, and can break the way. */
final class Relay implements AutoCloseable {
    private static final int BACKLOG = 50;
    private final int target;
    private final int port;
    private final List<Socket> open = new ArrayList<>();
    private final ByteArrayOutputStream asked = new ByteArrayOutputStream();
    private ServerSocket server;
    private boolean stalled;

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

    /** Takes connections again after {@link #cut}. */
    synchronized void restore() {
        server = listen(port);
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
                out.write(buffer, 0, length);
            }
        }
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
