package io.reflux.distill;

import io.reflux.nn.AugmentationDraw;
import java.util.Optional;

/**
 * What one inner step of the student sees; kept so that the adjoint replays exactly what the sweep did.
 *
 * @param batch indices into the synthetic images
 * @param augmentation drawn for the batch, empty for none
 */
public record InnerStep(int[] batch, Optional<AugmentationDraw> augmentation) {}
