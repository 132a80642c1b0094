package io.reflux.distill;

import io.reflux.nn.Augmentation;
import io.reflux.nn.AugmentationDraw;
import io.reflux.nn.Draws;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one inner step of the student sees; kept so that the adjoint replays exactly what the sweep did.
 *
 * @param batch indices into the synthetic images
 * @param augmentation drawn for the batch, empty for none
 */
public record InnerStep(int[] batch, Optional<AugmentationDraw> augmentation) {
    /**
     * The steps of one student: chunks of a random permutation of all images, taken from its end; a new permutation when
     * it is used up.
     *
     * @param images of the set
     * @param batch images a step; 0 takes all
     */
    static List<InnerStep> sequence(int count, int images, int batch, Augmentation augmentation, Draws draws) {
        int size = batch == 0 ? images : Math.min(batch, images);
        List<int[]> chunks = new ArrayList<>();
        List<InnerStep> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (chunks.isEmpty()) {
                int[] order = draws.permutation(images);
                for (int from = 0; from < images; from += size) {
                    chunks.add(Arrays.copyOfRange(order, from, Math.min(images, from + size)));
                }
            }
            int[] chunk = chunks.remove(chunks.size() - 1);
            steps.add(new InnerStep(chunk, augmentation.draw(chunk.length, draws)));
        }
        return steps;
    }
}
