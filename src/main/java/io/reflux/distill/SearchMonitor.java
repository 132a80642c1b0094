package io.reflux.distill;

/** What a search tells its caller, and asks it; called from any thread that computes, one call at a time. */
public interface SearchMonitor {
    /** The search begins; {@code finished} of its networks were finished by a former run. */
    void begun(int finished, int total);

    /**
     * A network is finished.
     *
     * @param finished networks, with this one
     * @param share of this run's work that is done, in 0 … 1; counted in multiply-adds, as networks differ a thousandfold
     */
    void finished(NetworkScore network, int finished, int total, double share);

    /** Asked between steps; true ends the search with a {@link DistillationCancelledException}. */
    boolean cancelled();
}
