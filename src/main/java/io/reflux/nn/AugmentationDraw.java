package io.reflux.nn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One draw of one augmentation family for a batch: all that is needed to apply it again.
 *
 * @param family that is applied
 * @param parameters by name, one value an image: {@code brightness}, {@code saturation}, {@code contrast} in [0,1);
 *     {@code shift_x}, {@code shift_y} and {@code offset_x}, {@code offset_y} in pixels; {@code flip} 0 or 1;
 *     {@code scale_x}, {@code scale_y} factors; {@code angle} in radians. x is the width axis, y the height axis.
 */
public record AugmentationDraw(AugmentationFamily family, Map<String, float[]> parameters) {
    public AugmentationDraw {
        parameters = Map.copyOf(parameters);
    }

    /** The draw of images {@code from} … {@code to} − 1 of the batch. */
    public AugmentationDraw range(int from, int to) {
        Map<String, float[]> part = new LinkedHashMap<>();
        parameters.forEach((name, values) -> part.put(name, Arrays.copyOfRange(values, from, to)));
        return new AugmentationDraw(family, part);
    }

    float[] parameter(String name) {
        float[] values = parameters.get(name);
        if (values == null) {
            throw new IllegalArgumentException("augmentation " + family + " has no parameter '" + name + "'");
        }
        return values;
    }
}
