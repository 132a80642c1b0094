package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.format.TensorRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The snapshots of one expert: index 0 is its random initialisation, index e follows epoch e.
 *
 * @param ordinal which expert of its buffer; its random draws derive from it
 * @param sample digest of the images it was trained on
 * @param snapshots flat parameter vectors [P], each its own copy
 */
record Trajectory(int ordinal, String sample, List<float[]> snapshots) {
    private static final String FORMAT = "reflux-trajectory/1";
    private static final String SNAPSHOTS = "snapshots";

    Trajectory {
        snapshots = List.copyOf(snapshots);
    }

    int epochs() {
        return snapshots.size() - 1;
    }

    Safetensors toSafetensors() {
        int parameters = snapshots.get(0).length;
        float[] all = new float[Math.multiplyExact(parameters, snapshots.size())];
        for (int e = 0; e < snapshots.size(); e++) {
            System.arraycopy(snapshots.get(e), 0, all, e * parameters, parameters);
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("ordinal", Integer.toString(ordinal));
        metadata.put("sample", sample);
        metadata.put("sha256", Digest.of().floats(all).hex());
        return new Safetensors(Map.of(SNAPSHOTS, Tensor.of(all, snapshots.size(), parameters)), metadata);
    }

    /**
     * @throws FormatException when the file is damaged or is no trajectory
     */
    static Trajectory fromSafetensors(Safetensors file) throws FormatException {
        Tensor tensor = file.tensor(SNAPSHOTS, Tensor.Type.F32);
        int[] shape = tensor.shape();
        if (!FORMAT.equals(file.meta("format")) || shape.length != 2) {
            throw new FormatException("not a trajectory of format " + FORMAT);
        }
        float[] all = tensor.floats();
        if (!Digest.of().floats(all).hex().equals(file.meta("sha256"))) {
            throw new FormatException("the snapshots do not have the checksum that was written with them");
        }
        float[][] snapshots = new float[shape[0]][];
        for (int e = 0; e < shape[0]; e++) {
            snapshots[e] = java.util.Arrays.copyOfRange(all, e * shape[1], (e + 1) * shape[1]);
        }
        return new Trajectory(Integer.parseInt(file.meta("ordinal")), file.meta("sample"), List.of(snapshots));
    }

    /**
     * Snapshot {@code epoch} [P] of a trajectory's file.
     *
     * @throws FormatException when the file is damaged or has no such snapshot
     */
    static float[] snapshot(Path file, int epoch) throws IOException {
        return TensorRows.read(file, SNAPSHOTS, epoch, epoch + 1).floats();
    }
}
