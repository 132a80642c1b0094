package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.config.Configurations;
import io.reflux.distill.InvalidSettingsException;
import io.reflux.distill.Presets;
import io.reflux.distill.RunMonitor;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.nn.Compute;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CoreEngineTest {
    @TempDir
    Path directory;

    @Test
    void refusesASampleThatTheConfiguredPresetIsNotMadeFor() {
        CoreEngine engine = new CoreEngine(
                Configurations.of(Map.of("reflux.distillation.preset", "tiny-ipc1")), Compute.processors());
        ImageSet sample = new ImageSet(new ImageShape(1, 2, 2), List.of("a", "b"), new byte[8], new int[] {0, 1});

        assertThatThrownBy(() -> engine.run(
                        Presets.named("tiny-ipc1").settings(), directory, sample, sample, null, RunMonitor.SILENT))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("reflux.distillation.preset is tiny-ipc1, made for Tiny ImageNet")
                .hasMessageContaining("images of 1,2,2 in 2 classes");
    }
}
