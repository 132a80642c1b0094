package io.reflux.api;

import org.jspecify.annotations.Nullable;

/** Reads parameters of a call. */
final class Parameters {
    private Parameters() {}

    /**
     * A whole number, at least 1.
     *
     * @param text as given; null takes the usual one
     * @throws ProblemException when it is none
     */
    static int positive(String name, @Nullable String text, int usual) {
        int number = text == null ? usual : parsed(text);
        if (number < 1) {
            throw ProblemException.badParameter(name, String.valueOf(text), "a whole number, at least 1");
        }
        return number;
    }

    /** 0 for what is no number, which no caller allows. */
    private static int parsed(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
