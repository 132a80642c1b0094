package io.reflux.distill;

import io.reflux.nn.ChannelNormalisation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which normalisation a distillation works in. */
public enum WhiteningSetting {
    /** A mean and a deviation for each channel, those of the sample. */
    NONE(null),
    /** ZCA whitening of whole images. */
    ZCA(null),
    /** A mean and a deviation for each channel, those that published code takes for CIFAR-10 and CIFAR-100. */
    CIFAR_STATISTICS(
            new ChannelNormalisation(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2023f, 0.1994f, 0.2010f})),
    /** A mean and a deviation for each channel, those that published code takes for ImageNet and its subsets. */
    IMAGENET_STATISTICS(
            new ChannelNormalisation(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f}));

    private final @Nullable ChannelNormalisation fixed;

    WhiteningSetting(@Nullable ChannelNormalisation fixed) {
        this.fixed = fixed;
    }

    /** The normalisation itself where it does not depend on the sample. */
    Optional<ChannelNormalisation> fixed() {
        return Optional.ofNullable(fixed);
    }
}
