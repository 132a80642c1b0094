package io.reflux.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.console.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures in fresh processes, round by round, each part of Reflux and then the reference: what else the machine does
 * falls on both alike. A reference that fails is not asked again.
 */
final class CoreComparison {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final CoreOptions options;
    private final CorePart part;
    private final Optional<CoreReference> reference;
    private final Terminal terminal;
    private final List<CoreFigures> own = new ArrayList<>();
    private final List<CoreFigures> other = new ArrayList<>();
    private Optional<String> failure = Optional.empty();
    private String version = "";

    CoreComparison(CoreOptions options, CorePart part, Optional<CoreReference> reference, Terminal terminal) {
        this.options = options;
        this.part = part;
        this.reference = reference;
        this.terminal = terminal;
    }

    CoreReport rounds(int rounds) throws IOException {
        for (int round = 1; round <= rounds; round++) {
            terminal.note("round " + round + " of " + rounds + ": Reflux");
            own.add(measured());
            if (reference.isPresent() && failure.isEmpty()) {
                terminal.note("round " + round + " of " + rounds + ": the reference");
                ask(reference.get());
            }
        }
        return new CoreReport(options, own, other, failure, version);
    }

    private CoreFigures measured() throws IOException {
        CoreFigures all = CoreFigures.NONE;
        for (CorePart each : part == CorePart.ALL ? List.of(CorePart.ITERATION, CorePart.EXPERTS) : List.of(part)) {
            all = all.with(measured(each));
        }
        return all;
    }

    private CoreFigures measured(CorePart each) throws IOException {
        Path json = Files.createTempFile("reflux-bench-", ".json");
        try {
            List<String> arguments = new ArrayList<>(List.of("bench", "core"));
            arguments.addAll(options.arguments());
            arguments.addAll(List.of("--part", each.name(), "--json", json.toString()));
            OwnProcess.run(arguments, terminal);
            return CoreFigures.from(JSON.readTree(json.toFile()).path(CoreReport.OWN));
        } finally {
            Files.deleteIfExists(json);
        }
    }

    private void ask(CoreReference program) {
        CoreReference.Outcome outcome = program.run(options);
        if (outcome instanceof CoreReference.Outcome.Measured measured) {
            other.add(measured.figures());
            version = measured.version();
        } else if (outcome instanceof CoreReference.Outcome.Failed failed) {
            failure = Optional.of(failed.reason());
            terminal.note("the reference failed: " + failed.reason());
        }
    }
}
