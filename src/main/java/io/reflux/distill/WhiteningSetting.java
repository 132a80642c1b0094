package io.reflux.distill;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which normalisation a distillation works in. */
public enum WhiteningSetting {
    /** A mean and a deviation for each channel. */
    NONE,
    /** ZCA whitening of whole images. */
    ZCA;

    /**
     * Reads what {@link #toString()} gives.
     *
     * @throws InvalidSettingsException when it is anything else
     */
    public static WhiteningSetting parse(String text) {
        return Arrays.stream(values())
                .filter(setting -> setting.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidSettingsException(
                        "whitening",
                        "is '" + text + "', must be "
                                + Arrays.stream(values())
                                        .map(WhiteningSetting::toString)
                                        .collect(Collectors.joining(" or "))));
    }

    /** In lower case, as it stands in properties. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
