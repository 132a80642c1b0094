package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.JsonOption;
import io.reflux.console.Terminal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast and how small the core is, alone or beside a reference. */
@Command(
        name = "core",
        sortOptions = false,
        description = {
            "Measures the core: seconds of a distillation iteration (sweep and adjoint, no augmentation) and of a plain"
                    + " step, images per second of flat experts at batch 256, and peak resident memory.",
            "Each part is measured in a fresh process. docs/performance.md says what the figures mean."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux bench core",
            "  reflux bench core --batch 100 --width 32 --channels 1 --pixels 28 --threads 1",
            "  reflux bench core --batch 500 --steps 80 --part iteration --repeats 1 --no-warm-up",
            "  reflux bench core --reference \"python3 full_graph_reference.py\" --json core.json"
        })
final class BenchCoreCommand extends ConsoleCommand {
    private static final int COMPARED_ROUNDS = 3;

    @Mixin
    private CoreOptions options = new CoreOptions();

    @Option(
            names = "--part",
            paramLabel = "PART",
            defaultValue = "all",
            description = "all, iteration or experts (default: ${DEFAULT-VALUE}); a single part without a reference is"
                    + " measured in this very process.")
    private CorePart part = CorePart.ALL;

    @Option(
            names = "--reference",
            paramLabel = "COMMAND",
            description = "A program and its script that measure the same, run in turn with Reflux; it is given the"
                    + " options above as batch=20 steps=10 … and prints a JSON object.")
    private @Nullable String reference;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds of fresh processes, whose medians count (default: 3 with a reference, else 1).")
    private @Nullable Integer rounds;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        options.problem();
        if (rounds != null && rounds < 1) {
            throw CommandException.usage("--rounds is " + rounds + ", must be at least 1");
        }
        Optional<CoreReference> other = Optional.ofNullable(reference).map(CoreReference::of);
        json.prepare(terminal);
        options.compute();
        CoreReport report = report(other, terminal);
        report.print(terminal);
        json.write(report.figures(), terminal);
    }

    private CoreReport report(Optional<CoreReference> other, Terminal terminal) throws Exception {
        if (part != CorePart.ALL && other.isEmpty() && rounds == null) {
            return CoreReport.of(options, new CoreMeasurement(options, terminal).of(part));
        }
        int usual = other.isPresent() ? COMPARED_ROUNDS : 1;
        return new CoreComparison(options, part, other, terminal).rounds(rounds == null ? usual : rounds);
    }
}
