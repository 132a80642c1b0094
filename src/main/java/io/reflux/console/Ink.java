package io.reflux.console;

import org.jspecify.annotations.Nullable;

/** A colour of the terminal's own palette, by what it means. */
public enum Ink {
    GOOD(32),
    BAD(31),
    DOUBTFUL(33);

    private final int code;

    Ink(int code) {
        this.code = code;
    }

    String on(String text) {
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /** Of a round's state, or of a health check's; null: none. */
    public static @Nullable Ink ofState(String state) {
        return switch (state) {
            case "finished", "up" -> GOOD;
            case "failed", "down" -> BAD;
            case "refused", "cancelled" -> DOUBTFUL;
            default -> null;
        };
    }
}
