package io.reflux.distill;

import java.util.ArrayList;
import java.util.List;

/**
 * A batch cut into micro-batches, an equal share for each worker in equal parts. The cut depends only on the sizes, so the order in which
 * gradients add up, and with it every last digit, is that of any run with as many workers.
 *
 * @param shares what each worker does, none empty
 */
record MicroBatches(List<List<Range>> shares) {
    /** Images {@code from} … {@code to} − 1 of the batch. */
    record Range(int from, int to) {}

    static MicroBatches of(int batch, int most, int workers) {
        int share = divide(batch, workers);
        int size = divide(share, divide(share, most));
        List<List<Range>> shares = new ArrayList<>();
        for (int first = 0; first < batch; first += share) {
            List<Range> ranges = new ArrayList<>();
            int end = Math.min(batch, first + share);
            for (int from = first; from < end; from += size) {
                ranges.add(new Range(from, Math.min(end, from + size)));
            }
            shares.add(ranges);
        }
        return new MicroBatches(shares);
    }

    private static int divide(int whole, int part) {
        return 1 + (whole - 1) / part;
    }
}
