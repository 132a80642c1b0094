package io.reflux.nn;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A family of differentiable Siamese augmentation (Zhao and Bilen, ICML 2021); mode S draws one family a batch. */
public enum AugmentationFamily {
    COLOR,
    CROP,
    CUTOUT,
    FLIP,
    SCALE,
    ROTATE;

    /** All six families: the strategy {@code color_crop_cutout_flip_scale_rotate} of the published method. */
    public static Set<AugmentationFamily> all() {
        return EnumSet.allOf(AugmentationFamily.class);
    }

    /**
     * Reads a strategy such as {@code color_crop_flip}; {@code none} is the empty set.
     *
     * @throws IllegalArgumentException naming the unknown family
     */
    public static Set<AugmentationFamily> parse(String strategy) {
        EnumSet<AugmentationFamily> families = EnumSet.noneOf(AugmentationFamily.class);
        if (strategy.isBlank() || strategy.equalsIgnoreCase("none")) {
            return families;
        }
        for (String name : strategy.split("_")) {
            families.add(named(name.trim()));
        }
        return families;
    }

    /** The strategy string of these families, in the method's order. */
    public static String format(Set<AugmentationFamily> families) {
        return families.isEmpty()
                ? "none"
                : families.stream()
                        .sorted()
                        .map(f -> f.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining("_"));
    }

    private static AugmentationFamily named(String name) {
        return Arrays.stream(values())
                .filter(family -> family.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown augmentation family '" + name
                        + "'; use a strategy of color, crop, cutout, flip, scale, rotate joined by _, or none"));
    }
}
