package io.reflux.wire;

import io.reflux.nn.ChannelNormalisation;
import java.util.Arrays;

/**
 * Per-channel normalisation: x' = (x/255 − mean) / deviation.
 *
 * @param mean one value a channel
 * @param deviation one positive value a channel
 */
@SuppressWarnings("ArrayRecordComponent")
public record ChannelScale(float[] mean, float[] deviation) implements Scale {
    static ChannelScale of(ChannelNormalisation normalisation) {
        return new ChannelScale(normalisation.mean(), normalisation.deviation());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelScale that
                && Arrays.equals(mean, that.mean)
                && Arrays.equals(deviation, that.deviation);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
    }
}
