package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.reflux.nn.TensorSession;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One worker's own view of a synthetic set as leaves of its graphs: the gradients of its micro-batches add up there over
 * all inner steps, and the workers' add up at the end.
 *
 * @param images X [n,C,H,W]
 * @param labels p [n,K]
 * @param learned whether the labels have a gradient
 */
record SetLeaf(NDArray images, NDArray labels, boolean learned) {
    /** A leaf for each worker, owned by the manager. */
    static List<SetLeaf> of(NDManager owner, NDArray images, Labels labels, int workers) {
        List<SetLeaf> leaves = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            SetLeaf leaf = new SetLeaf(TensorSession.leaf(images), labels.leaf(), labels.learned());
            leaf.images.attach(owner);
            leaf.labels.attach(owner);
            leaves.add(leaf);
        }
        return leaves;
    }

    static NDArray imageGradient(List<SetLeaf> leaves) {
        return total(leaves, SetLeaf::images);
    }

    /** The gradient in the probabilities. */
    static NDArray labelGradient(List<SetLeaf> leaves) {
        return total(leaves, SetLeaf::labels);
    }

    private static NDArray total(List<SetLeaf> leaves, Function<SetLeaf, NDArray> part) {
        NDArray total = part.apply(leaves.get(0)).getGradient();
        for (SetLeaf leaf : leaves.subList(1, leaves.size())) {
            total = total.add(part.apply(leaf).getGradient());
        }
        return total;
    }
}
