package io.reflux.distill;

/** Settings that cannot work; names the property. */
public final class InvalidSettingsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final String property;

    /**
     * @param property name below {@code reflux.distillation}, such as {@code matching.max-start-epoch}
     * @param problem what is wrong and what would be right
     */
    public InvalidSettingsException(String property, String problem) {
        super("reflux.distillation." + property + " " + problem);
        this.property = property;
    }

    public String property() {
        return property;
    }
}
