package io.reflux.wire;

/** Headers a record gets, on top of its own, when it goes to the dead-letter topic. */
public final class DeadLetter {
    /** Why, as a {@link Rejection.Reason#text()}. */
    public static final String REASON = "dead-letter-reason";

    /** The topic it was read from. */
    public static final String TOPIC = "dead-letter-topic";

    /** The partition it was read from, decimal. */
    public static final String PARTITION = "dead-letter-partition";

    /** Its offset there, decimal. */
    public static final String OFFSET = "dead-letter-offset";

    /** What was wrong, one sentence. */
    public static final String DETAIL = "dead-letter-detail";

    /** Bytes of the value that is left out because the topic takes none that large, decimal; the letter has no value then. */
    public static final String OMITTED = "dead-letter-omitted";

    private DeadLetter() {}
}
