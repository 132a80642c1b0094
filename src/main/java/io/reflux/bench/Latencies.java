package io.reflux.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How long records waited until somebody had passed them, from when each was sent and when which offset was reached.
 *
 * @param milliseconds of each record, ascending
 */
@SuppressWarnings("ArrayRecordComponent")
record Latencies(double[] milliseconds) {
    /**
     * One record, or the first offset of a partition that somebody has not passed yet.
     *
     * @param at of a record its timestamp, of a reader when it was there; milliseconds since the epoch
     */
    record Mark(int partition, long offset, long at) {}

    /** @param reached in the order of time; a record that nobody passed is left out */
    static Latencies of(List<Mark> records, List<Mark> reached) {
        Map<Integer, List<Mark>> readers = reached.stream().collect(Collectors.groupingBy(Mark::partition));
        double[] waits = records.stream().collect(Collectors.groupingBy(Mark::partition)).entrySet().stream()
                .flatMapToDouble(partition ->
                        Arrays.stream(waits(partition.getValue(), readers.getOrDefault(partition.getKey(), List.of()))))
                .sorted()
                .toArray();
        return new Latencies(waits);
    }

    private static double[] waits(List<Mark> records, List<Mark> reached) {
        List<Mark> inOrder =
                records.stream().sorted(Comparator.comparingLong(Mark::offset)).toList();
        double[] waits = new double[inOrder.size()];
        int passed = 0;
        for (Mark reader : reached) {
            while (passed < waits.length && inOrder.get(passed).offset() < reader.offset()) {
                waits[passed] = reader.at() - inOrder.get(passed).at();
                passed++;
            }
        }
        return Arrays.copyOf(waits, passed);
    }

    int size() {
        return milliseconds.length;
    }

    /** The smallest wait that this fraction of all does not exceed. */
    double quantile(double fraction) {
        return milliseconds[Math.max(0, (int) Math.ceil(fraction * milliseconds.length) - 1)];
    }
}
