package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A process that takes adjoint steps and prints by how many bytes the last 500 of them grew it. */
final class AdjointSteps {
    static final Path STATM = Path.of("/proc/self/statm");
    private static final long PAGE = 4096;
    private static final int STEPS = 10;

    private AdjointSteps() {}

    public static void main(String[] arguments) throws IOException {
        try (TensorSession session = TensorSession.open();
                PrintStream out = new PrintStream(new java.io.FileOutputStream(arguments[0]), true, "UTF-8")) {
            iterate(session, 50);
            long before = resident();
            iterate(session, 50);
            out.println(resident() - before);
        }
    }

    private static void iterate(TensorSession session, int times) {
        List<InnerStep> steps = TinyProblem.steps(STEPS, 12, 12);
        for (int i = 0; i < times; i++) {
            try (NDManager work = session.manager().newSubManager()) {
                NDArray start = single(work, TinyProblem.start(work));
                NDArray target = start.add(0.01);
                NDArray images = single(work, TinyProblem.values(work, "images", 12, 1, 16, 16));
                Labels labels = Labels.fixed(single(work, TinyProblem.labels(work, 12)));
                Matching matching = new Matching(session, TinyProblem.network(), 5);
                try (Matching.Sweep sweep = matching.sweep(start, target, images, labels, 0.05, steps)) {
                    matching.adjoint(sweep, images, labels, 0.05);
                }
            }
        }
    }

    private static NDArray single(NDManager owner, NDArray exact) {
        NDArray array = exact.toType(DataType.FLOAT32, true);
        array.attach(owner);
        return array;
    }

    private static long resident() throws IOException {
        return Long.parseLong(Files.readString(STATM).split(" ")[1]) * PAGE;
    }
}
