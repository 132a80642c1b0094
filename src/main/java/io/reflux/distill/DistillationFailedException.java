package io.reflux.distill;

/** A distillation that could not reach a finite result, and why. */
public final class DistillationFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DistillationFailedException(String message) {
        super(message);
    }
}
