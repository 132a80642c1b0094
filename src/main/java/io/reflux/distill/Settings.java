package io.reflux.distill;

/** The checks that the settings records share. */
final class Settings {
    private Settings() {}

    static void require(boolean holds, String property, Object value, String wanted) {
        if (!holds) {
            throw new InvalidSettingsException(property, "is " + value + ", must be " + wanted);
        }
    }
}
