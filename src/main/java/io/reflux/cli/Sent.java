package io.reflux.cli;

/**
 * What has been sent and acknowledged.
 *
 * @param images number of records
 * @param bytes of their values
 * @param seconds it took
 */
record Sent(long images, long bytes, double seconds) {
    static final Sent NOTHING = new Sent(0, 0, 0);

    Sent plus(Sent more) {
        return new Sent(images + more.images, bytes + more.bytes, seconds + more.seconds);
    }

    /** Images per second. */
    double rate() {
        return seconds == 0 ? 0 : images / seconds;
    }
}
