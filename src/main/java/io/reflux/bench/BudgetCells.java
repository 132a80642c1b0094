package io.reflux.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.console.CommandException;
import io.reflux.format.AtomicFile;
import io.reflux.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The finished cells of a work directory: a file with one JSON object a line, written whole each time. */
final class BudgetCells {
    private static final ObjectMapper JSON = Json.configure(new ObjectMapper());
    private final Path file;
    private final List<BudgetCell> cells;

    private BudgetCells(Path file, List<BudgetCell> cells) {
        this.file = file;
        this.cells = cells;
    }

    /** @throws CommandException naming the line that is none */
    static BudgetCells in(Path work) throws IOException {
        Path file = work.resolve("cells.jsonl");
        List<BudgetCell> cells = new ArrayList<>();
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                cells.add(cell(file, i + 1, lines.get(i)));
            }
        }
        return new BudgetCells(file, cells);
    }

    private static BudgetCell cell(Path file, int number, String line) {
        try {
            return JSON.readValue(line, BudgetCell.class);
        } catch (JsonProcessingException e) {
            throw CommandException.failure(
                    "line " + number + " of " + file + " is no finished cell; remove the line to measure it again", e);
        }
    }

    List<BudgetCell> all() {
        return List.copyOf(cells);
    }

    boolean has(BudgetRun run, double minutes) {
        return cells.stream()
                .anyMatch(cell -> cell.run().equals(run.name()) && cell.minutes() != null && cell.minutes() == minutes);
    }

    /** Why a run cannot go on, when it cannot: it would fail again. */
    Optional<String> failure(BudgetRun run) {
        return cells.stream()
                .filter(cell -> cell.run().equals(run.name()) && cell.iterations() == null)
                .flatMap(cell -> Stream.ofNullable(cell.failure()))
                .findFirst();
    }

    boolean hasBaselines(BudgetRun run) {
        return cells.stream().anyMatch(cell -> cell.run().equals(run.contest()));
    }

    void add(List<BudgetCell> finished) throws IOException {
        cells.addAll(finished);
        StringBuilder lines = new StringBuilder();
        for (BudgetCell cell : cells) {
            lines.append(JSON.writeValueAsString(cell)).append('\n');
        }
        AtomicFile.write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** All cells as one JSON object. */
    JsonNode json() {
        return JSON.valueToTree(Map.of("cells", cells));
    }
}
