package io.reflux.distill;

/** Images whose graph is in memory at a time; sizes that stay in a processor's cache (docs/performance.md). */
final class MicroBatch {
    static final int PLAIN = 32;
    static final int DUAL = 20;

    private MicroBatch() {}
}
