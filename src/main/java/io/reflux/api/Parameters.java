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

    /**
     * Requires that the caller has said that it is meant.
     *
     * @param confirm as given: the feed's name
     * @param deed what will be done, after "this"
     * @throws ProblemException when nobody has
     */
    static void confirmed(String feed, @Nullable String confirm, String deed) {
        if (!feed.equals(confirm)) {
            throw ProblemException.unconfirmed(feed, deed);
        }
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
