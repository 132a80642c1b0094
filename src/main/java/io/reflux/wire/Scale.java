package io.reflux.wire;

import io.reflux.nn.Normalisation;

/**
 * Per-channel normalisation of the images in a set: x' = (x/255 − mean) / deviation.
 *
 * @param mean one value a channel
 * @param deviation one positive value a channel
 */
@SuppressWarnings("ArrayRecordComponent")
public record Scale(float[] mean, float[] deviation) {
    public static Scale of(Normalisation normalisation) {
        return new Scale(normalisation.mean(), normalisation.deviation());
    }
}
