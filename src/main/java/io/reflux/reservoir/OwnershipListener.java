package io.reflux.reservoir;

/** Hears which partitions of the reservoir topic this process owns; called on the owner's thread. */
public interface OwnershipListener {
    /** The partition is this process's from now on; its feeds are not yet restored. */
    void assigned(int partition);

    /** The samples of the partition's feeds are as they were when it was assigned. */
    void restored(int partition);

    /** The partition is another's, or about to be; its feeds are gone. */
    void revoked(int partition);
}
