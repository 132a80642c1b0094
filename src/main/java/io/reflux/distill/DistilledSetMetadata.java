package io.reflux.distill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.image.ImageShape;
import io.reflux.nn.Architecture;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ZcaNormalisation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The safetensors metadata of a {@link DistilledSet}: strings, numbers in decimal, class names as a JSON array. */
final class DistilledSetMetadata {
    static final String FORMAT = "reflux-distilled-set/1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private DistilledSetMetadata() {}

    static Map<String, String> write(DistilledSet set) {
        StudentRecipe recipe = set.recipe();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("classes", json(set.classes()));
        metadata.putAll(NormalisationFields.metadata(set.normalisation()));
        metadata.put("student.learning-rate", Double.toString(recipe.learningRate()));
        metadata.put("student.momentum", Double.toString(recipe.momentum()));
        metadata.put("student.weight-decay", Double.toString(recipe.weightDecay()));
        metadata.put("student.epochs", Integer.toString(recipe.epochs()));
        metadata.put("student.batch", Integer.toString(recipe.batch()));
        metadata.put("student.augmentation", AugmentationFamily.format(recipe.augmentation()));
        metadata.put("student.network", "ConvNet");
        metadata.put("student.width", Integer.toString(recipe.network().width()));
        metadata.put("student.depth", Integer.toString(recipe.network().depth()));
        return metadata;
    }

    static DistilledSet read(Safetensors file, @Nullable ZcaNormalisation elsewhere) throws FormatException {
        if (!FORMAT.equals(file.meta("format"))) {
            throw new FormatException("not a distilled set this version reads: format is '" + file.meta("format")
                    + "', wanted '" + FORMAT + "'");
        }
        Tensor images = file.tensor("images", Tensor.Type.F32);
        int[] shape = images.shape();
        if (shape.length != 4) {
            throw new FormatException("tensor 'images' has " + shape.length + " axes, wanted [n,C,H,W]");
        }
        try {
            ImageShape image = new ImageShape(shape[1], shape[2], shape[3]);
            List<String> classes = classes(file);
            float[] labels = FiniteValues.of(file.tensor("labels", Tensor.Type.F32), "labels");
            return new DistilledSet(
                    image,
                    classes,
                    NormalisationFields.read(file, image, elsewhere),
                    FiniteValues.of(images, "images"),
                    labels,
                    recipe(file),
                    DistilledSet.members(file, labels, classes.size()));
        } catch (IllegalArgumentException | JsonProcessingException e) {
            throw new FormatException("damaged metadata of a distilled set: " + e.getMessage());
        }
    }

    private static StudentRecipe recipe(Safetensors file) throws FormatException {
        if (Architecture.named(file.meta("student.network")) != Architecture.CONVNET) {
            throw new FormatException("its student.network is " + file.meta("student.network")
                    + ", but sets are distilled with a ConvNet");
        }
        Set<AugmentationFamily> families = AugmentationFamily.parse(file.meta("student.augmentation"));
        return new StudentRecipe(
                number(file, "student.learning-rate", Double::valueOf),
                number(file, "student.momentum", Double::valueOf),
                number(file, "student.weight-decay", Double::valueOf),
                number(file, "student.epochs", Integer::valueOf),
                number(file, "student.batch", Integer::valueOf),
                families,
                new NetworkSettings(
                        number(file, "student.width", Integer::valueOf),
                        number(file, "student.depth", Integer::valueOf)));
    }

    private static List<String> classes(Safetensors file) throws FormatException, JsonProcessingException {
        List<String> classes = JSON.readValue(file.meta("classes"), new TypeReference<List<String>>() {});
        if (classes == null || classes.contains(null)) {
            throw new FormatException("'classes' is " + file.meta("classes") + ", not an array of names");
        }
        return classes;
    }

    private static <T> T number(Safetensors file, String key, Function<String, T> parse) throws FormatException {
        String text = file.meta(key);
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new FormatException("'" + key + "' is '" + text + "', not a number that it can be", e);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
