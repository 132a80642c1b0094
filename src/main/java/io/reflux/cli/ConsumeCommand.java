package io.reflux.cli;

import io.reflux.console.AccuracyTable;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.Figures;
import io.reflux.console.JsonOption;
import io.reflux.console.SetFile;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.rounds.Generation;
import io.reflux.rounds.GenerationReader;
import io.reflux.wire.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts the current generation of a feed together from its topic, as anybody downstream would. */
@Command(
        name = "consume",
        sortOptions = false,
        description = "Fetches the current distilled set of a feed from its topic into one file.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux consume --out set.safetensors                  images, labels and how to train on them",
            "  reflux consume --out set.npz --feed cars              the arrays for NumPy",
            "  reflux consume --out pictures --timeout 600           PNGs by class and a contact sheet, waiting",
            "                                                        up to ten minutes for the first generation"
        })
final class ConsumeCommand extends ConsoleCommand {
    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where it goes: FILE.safetensors, FILE.npz, or a folder of PNGs with a contact sheet.")
    private Path out = Path.of("set.safetensors");

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for a first generation (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Option(
            names = "--generation",
            paramLabel = "N",
            defaultValue = "1",
            description = "Wait until this generation, or a later one, is current.")
    private long generation;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        SetFile file = SetFile.of(out);
        file.requireWritable();
        json.prepare(terminal);
        kafka.requireTopic(kafka.topics().distilled());
        GenerationReader reader = new GenerationReader(kafka.bootstrap(), kafka.topics(), kafka.properties());
        Generation current = reader.await(kafka.feed(), generation, Duration.ofSeconds(timeout));
        file.write(current.set());
        report(current, terminal);
    }

    private void report(Generation current, Terminal terminal) {
        Manifest manifest = current.manifest();
        AccuracyTable accuracies =
                new AccuracyTable(manifest.accuracy(), current.set().size(), sampleSize(manifest));
        Table table = new Table();
        accuracies.addTo(table);
        terminal.print("generation " + manifest.generation() + " of feed '" + manifest.feed() + "', of "
                + manifest.time() + ": " + Table.count(current.set().size()) + " images, "
                + Table.count(current.bytes()) + " bytes, made of "
                + Table.count(manifest.in().images()) + " images, "
                + Table.count(manifest.in().bytes()) + " bytes");
        terminal.print(table);
        terminal.print("written to " + out);
        json.write(figures(current, accuracies), terminal);
    }

    private static Figures figures(Generation current, AccuracyTable accuracies) {
        Manifest manifest = current.manifest();
        Figures figures = new Figures()
                .put("feed", manifest.feed())
                .put("generation", manifest.generation())
                .put("images.in", manifest.in().images())
                .put("images.out", current.set().size())
                .put("bytes.in", manifest.in().bytes())
                .put("bytes.out", current.bytes());
        accuracies.addTo(figures);
        return figures;
    }

    static long sampleSize(Manifest manifest) {
        return manifest.sample().values().stream().mapToLong(Integer::longValue).sum();
    }
}
