package io.reflux.console;

/** Shows how far a task is. */
public interface Meter extends AutoCloseable {
    /** Shows nothing. */
    Meter SILENT = (done, remark) -> {};

    /**
     * @param done units done so far
     * @param remark a few words beside the figure, or nothing
     */
    void at(long done, String remark);

    /** The task is over; the meter leaves the line. */
    @Override
    default void close() {}
}
