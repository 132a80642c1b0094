package io.reflux.config;

/** A configuration that cannot work; names the property. */
public final class InvalidConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * @param property in full
     * @param problem what is wrong and what would be right
     */
    public InvalidConfigurationException(String property, String problem) {
        super(property + " " + problem);
    }
}
