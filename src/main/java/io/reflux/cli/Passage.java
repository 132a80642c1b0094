package io.reflux.cli;

import io.reflux.wire.EventIdentity;
import java.time.Duration;
import java.time.Instant;

/**
 * One pass through a data set: gives its images identities that depend on nothing but their place in it, so that the
 * same images sent twice are the same images.
 *
 * @param data name of the data set
 * @param pass 0 for the first
 */
record Passage(String data, int pass) {
    /** When the first image of every data set is said to be taken; any moment in the past does. */
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration PASS = Duration.ofHours(1);

    EventIdentity identity(int index) {
        return new EventIdentity(
                "/reflux/produce/" + data + "/train",
                pass + "-" + index,
                BEGINNING.plus(PASS.multipliedBy(pass)).plusMillis(index));
    }
}
