package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.BatchNorm;
import java.util.List;

/** A trained network with batch norm whose statistics are fixed: an image's logits no longer depend on its batch. */
record SettledConvNet(VariantConvNet trained, List<BatchMoments.Statistics> statistics) implements Network {
    @Override
    public ParameterLayout layout() {
        return trained.layout();
    }

    @Override
    public int classes() {
        return trained.classes();
    }

    @Override
    public long activationBytes() {
        return trained.activationBytes();
    }

    @Override
    public NDArray logits(NDArray theta, NDArray images) {
        return trained.logits(theta, images, (block, y, scale, shift) -> {
            BatchMoments.Statistics known = statistics.get(block);
            return BatchNorm.batchNorm(y, known.mean(), known.variance(), scale, shift, 1, 0.9f, Norm.EPSILON, false)
                    .singletonOrThrow();
        });
    }
}
