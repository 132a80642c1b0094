package io.reflux.distill;

import io.reflux.nn.Augmentation;
import io.reflux.nn.ConvNet;
import java.nio.file.Path;

/** What the stages of one distillation share. */
record Workplace(Path directory, TrajectoryBuffer trajectories, ConvNet network, Augmentation augmentation) {}
