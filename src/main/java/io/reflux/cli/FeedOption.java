package io.reflux.cli;

import picocli.CommandLine.Option;

/** Which feed of a running service is meant. */
final class FeedOption {
    @Option(
            names = "--feed",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "The feed that is meant (default: ${DEFAULT-VALUE}).")
    private String name;

    String name() {
        return name;
    }
}
