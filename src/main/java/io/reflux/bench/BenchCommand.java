package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.Version;
import picocli.CommandLine.Command;

/** The measurements of Reflux itself. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Measures Reflux itself: how fast and small its core is, how good its sets are for a budget of time, how"
                        + " fast it takes images in, how far it scales.",
        subcommands = {
            BenchCoreCommand.class,
            BenchAccuracyCommand.class,
            BenchIngestCommand.class,
            BenchSoakCommand.class,
            BenchScaleCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux bench core                       time and memory of distilling, of a step, of an expert",
            "  reflux bench accuracy --minutes 5       accuracy for five minutes of this machine",
            "  reflux bench ingest                     images a second, beside a plain Kafka consumer",
            "  reflux bench soak                       whether memory, threads or lag grow in half an hour",
            "  reflux bench scale                      10,000 feeds and a million images a second, simulated",
            "",
            "'reflux bench COMMAND --help' tells more about each command."
        })
public final class BenchCommand implements Runnable {
    @Override
    public void run() {
        throw CommandException.usage(
                "say what to measure: core, accuracy, ingest, soak or scale ('reflux bench --help' shows what they"
                        + " measure)");
    }
}
