package io.reflux.distill;

/** What a long computation tells its caller, and asks it; called from any thread that computes, one report at a time. */
public interface RunMonitor {
    /** Says nothing and never stops. */
    RunMonitor SILENT = new RunMonitor() {
        @Override
        public void report(Progress progress) {}

        @Override
        public boolean cancelled() {
            return false;
        }
    };

    void report(Progress progress);

    /** Asked between steps; true ends the run with a {@link DistillationCancelledException} after its state is saved. */
    boolean cancelled();

    /** The state is about to be saved; a caller that keeps account of the run saves its own with it. */
    default void saving() {}

    /**
     * Matching was cancelled, and its state is saved.
     *
     * @param iterations done; as many in one go give this very set
     * @param set what the images are by now, not evaluated
     */
    default void stopped(int iterations, DistilledSet set) {}
}
