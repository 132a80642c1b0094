package io.reflux.distill;

/** The caller asked a distillation to stop; its checkpoint is on disk and the next run goes on from it. */
public final class DistillationCancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DistillationCancelledException(String message) {
        super(message);
    }
}
