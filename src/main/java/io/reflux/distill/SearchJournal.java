package io.reflux.distill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The networks that are finished on one source, a JSON line each, appended and synchronised as they finish. A line that
 * a crash cut short is cut off, and its network trained again.
 */
final class SearchJournal implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SearchJournal.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, NetworkScore.Test> known = new ConcurrentHashMap<>();
    private final FileChannel channel;

    private SearchJournal(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException when the file cannot be read or written */
    static SearchJournal open(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        // Appending, so that two searches that share a journal do not write over each other's lines.
        SearchJournal journal =
                new SearchJournal(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        try {
            journal.restore(file);
            return journal;
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    Optional<NetworkScore.Test> find(String network) {
        return Optional.ofNullable(known.get(network));
    }

    synchronized void add(String network, NetworkScore.Test test) throws IOException {
        String line = JSON.createObjectNode()
                        .put("network", network)
                        .put("accuracy", test.accuracy())
                        .put("seconds", test.seconds())
                        .toString()
                + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
        known.put(network, test);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void restore(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int whole = text.lastIndexOf('\n') + 1;
        text.substring(0, whole).lines().forEach(line -> restoreLine(file, line));
        if (whole < text.length()) {
            channel.truncate(whole);
        }
    }

    private void restoreLine(Path file, String line) {
        try {
            JsonNode read = JSON.readTree(line);
            if (read.path("accuracy").isNumber() && read.path("seconds").isNumber()) {
                known.put(
                        read.path("network").asText(),
                        new NetworkScore.Test(
                                read.path("accuracy").asDouble(),
                                read.path("seconds").asDouble()));
                return;
            }
        } catch (JsonProcessingException e) {
            LOG.log(System.Logger.Level.DEBUG, "damaged line", e);
        }
        LOG.log(System.Logger.Level.WARNING, "{0} has a damaged line; its network is trained again", file);
    }
}
