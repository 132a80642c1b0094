package io.reflux.cli;

import io.reflux.distill.DistillationSettings;

/** What a demo distils with when nothing else is asked for. */
final class DemoSettings {
    private DemoSettings() {}

    static DistillationSettings defaults() {
        return DistillationSettings.cpuSmall();
    }
}
