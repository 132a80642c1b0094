package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.reflux.nn.HostReads;
import io.reflux.nn.TensorSession;
import org.junit.jupiter.api.Test;

class HostReadsTest {
    @Test
    void anIterationOfMatchingReadsTheDeviceOnce() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            NDManager manager = session.manager();
            NDArray start = single(TinyProblem.start(manager));
            NDArray images = single(TinyProblem.values(manager, "images", 6, 1, 16, 16));
            Labels labels = Labels.learned(single(TinyProblem.labels(manager, 6)));
            Matching matching = new Matching(session, TinyProblem.network(), 2);
            long before = HostReads.count();
            // When
            try (Matching.Sweep sweep =
                    matching.sweep(start, start.add(0.01), images, labels, 0.05, TinyProblem.steps(7, 6, 4))) {
                matching.adjoint(sweep, images, labels, 0.05);
            }
            // Then
            assertThat(HostReads.count() - before).isEqualTo(1);
        }
    }

    @Test
    void aFlatExpertStepReadsTheDeviceNever() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            NDManager manager = session.manager();
            NDArray start = single(TinyProblem.start(manager));
            NDArray images = single(TinyProblem.values(manager, "images", 6, 1, 16, 16));
            NDArray labels = single(TinyProblem.labels(manager, 6));
            LossGradient gradient = new LossGradient(session, TinyProblem.network(), session.workers());
            ExpertStep step = new ExpertStep(gradient, 0.01, 0.01, 0.3, true);
            long before = HostReads.count();
            // When
            step.apply(manager, start, images, labels);
            // Then
            assertThat(HostReads.count() - before).isZero();
        }
    }

    private static NDArray single(NDArray exact) {
        return exact.toType(DataType.FLOAT32, true);
    }
}
