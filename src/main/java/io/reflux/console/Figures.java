package io.reflux.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is printed, as one JSON object; {@code accuracy.random} is the member {@code random} of {@code accuracy}. */
public final class Figures {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final ObjectNode root = JSON.createObjectNode();

    public Figures put(String path, double value) {
        parent(path).put(leaf(path), value);
        return this;
    }

    public Figures put(String path, long value) {
        parent(path).put(leaf(path), value);
        return this;
    }

    public Figures put(String path, String value) {
        parent(path).put(leaf(path), value);
        return this;
    }

    public ObjectNode json() {
        return root;
    }

    private ObjectNode parent(String path) {
        int dot = path.lastIndexOf('.');
        return dot < 0 ? root : child(path.substring(0, dot));
    }

    private ObjectNode child(String path) {
        ObjectNode parent = parent(path);
        String name = leaf(path);
        return parent.get(name) instanceof ObjectNode node ? node : parent.putObject(name);
    }

    private static String leaf(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
