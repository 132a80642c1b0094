package io.reflux.distill;

import java.util.ArrayList;
import java.util.List;

/**
 * A batch cut into micro-batches, dealt out to workers in turn. The cut depends only on the sizes, so the order in which
 * gradients add up, and with it every last digit, is that of any run with as many workers.
 *
 * @param shares what each worker does, none empty
 */
record MicroBatches(List<List<Range>> shares) {
    /** Most images of a plain and of a dual pass: the activations of the first layer then stay in a processor's cache. */
    static final int PLAIN = 32;

    static final int DUAL = 20;

    /** Images {@code from} … {@code to} − 1 of the batch. */
    record Range(int from, int to) {}

    static MicroBatches of(int batch, int most, int workers) {
        int size = Math.min(most, (batch + workers - 1) / workers);
        List<List<Range>> shares = new ArrayList<>();
        for (int from = 0, turn = 0; from < batch; from += size, turn++) {
            if (turn < workers) {
                shares.add(new ArrayList<>());
            }
            shares.get(turn % workers).add(new Range(from, Math.min(batch, from + size)));
        }
        return new MicroBatches(shares);
    }
}
