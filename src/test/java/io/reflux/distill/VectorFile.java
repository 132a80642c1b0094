package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.image.ImageShape;
import io.reflux.nn.AugmentationDraw;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ConvNet;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One file of reference outputs: tensors as arrays and metadata as numbers. */
record VectorFile(Safetensors content) {

    float[] floats(String name) throws FormatException {
        return content.tensor(name).floats();
    }

    float scalar(String name) throws FormatException {
        return floats(name)[0];
    }

    NDArray array(NDManager manager, String name) throws FormatException {
        Tensor tensor = content.tensor(name);
        long[] shape = Arrays.stream(tensor.shape()).mapToLong(i -> i).toArray();
        return manager.create(tensor.floats(), new Shape(shape));
    }

    int[] integers(String name) throws FormatException {
        return Arrays.stream(content.tensor(name).longs())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    int number(String key) throws FormatException {
        return Integer.parseInt(content.meta(key));
    }

    double decimal(String key) throws FormatException {
        return Double.parseDouble(content.meta(key));
    }

    boolean flag(String key) throws FormatException {
        return content.meta(key).equalsIgnoreCase("true");
    }

    ConvNet network() throws FormatException {
        ImageShape shape = new ImageShape(number("channels"), number("height"), number("width_px"));
        return new ConvNet(shape, number("classes"), number("net_width"), number("depth"));
    }

    /** The draw whose parameters are stored with this prefix. */
    AugmentationDraw draw(AugmentationFamily family, String prefix) throws FormatException {
        Map<String, float[]> parameters = new LinkedHashMap<>();
        for (String name : names(family)) {
            Tensor tensor = content.tensor(prefix + name);
            parameters.put(name, tensor.type() == Tensor.Type.F32 ? tensor.floats() : floats(tensor.longs()));
        }
        return new AugmentationDraw(family, parameters);
    }

    List<InnerStep> steps() throws FormatException {
        int[] indices = integers("batch_indices");
        int batch = number("batch");
        String[] families = content.meta("augment_ops").split(",");
        InnerStep[] steps = new InnerStep[number("steps")];
        for (int i = 0; i < steps.length; i++) {
            Optional<AugmentationDraw> draw =
                    families[0].isEmpty() ? Optional.empty() : Optional.of(draw(family(families[i]), "step" + i + "_"));
            steps[i] = new InnerStep(Arrays.copyOfRange(indices, i * batch, (i + 1) * batch), draw);
        }
        return List.of(steps);
    }

    static AugmentationFamily family(String name) {
        return AugmentationFamily.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static float[] floats(long[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = values[i];
        }
        return floats;
    }

    private static List<String> names(AugmentationFamily family) {
        return switch (family) {
            case COLOR -> List.of("brightness", "saturation", "contrast");
            case CROP -> List.of("shift_x", "shift_y");
            case CUTOUT -> List.of("offset_x", "offset_y");
            case FLIP -> List.of("flip");
            case SCALE -> List.of("scale_x", "scale_y");
            case ROTATE -> List.of("angle");
        };
    }
}
