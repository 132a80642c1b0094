package io.reflux.distill;

/** What a network of a search is trained on. */
public enum TrainingSource {
    /** The distilled set: the proxy in question. */
    SET("set"),
    /** The real images the set stands for: what the proxy is measured by. */
    REAL("real"),
    /** As many random real images of each class as the set has: the proxy to beat. */
    RANDOM("random");

    private final String key;

    TrainingSource(String key) {
        this.key = key;
    }

    /** As it stands in files. */
    public String key() {
        return key;
    }
}
