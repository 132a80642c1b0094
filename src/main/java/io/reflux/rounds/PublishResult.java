package io.reflux.rounds;

import io.reflux.wire.Manifest;

/** How the publication of a generation ended. */
public sealed interface PublishResult {
    /**
     * The transaction is committed.
     *
     * @param manifest that is now current
     */
    record Committed(Manifest manifest) implements PublishResult {}

    /**
     * Another owner has taken the partition over; nothing was published.
     *
     * @param why in one sentence
     */
    record Fenced(String why) implements PublishResult {}
}
