package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.cli.CommandRun;
import io.reflux.cli.TinySettings;
import io.reflux.console.SetFile;
import io.reflux.console.Terminal;
import io.reflux.distill.Distillation;
import io.reflux.distill.DistillationCancelledException;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.RunMonitor;
import io.reflux.distill.SettingsProperties;
import io.reflux.image.DataSet;
import io.reflux.image.GeneratedShapes;
import io.reflux.image.ImageShape;
import io.reflux.nn.Compute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Budgets on a clock that goes on by half a second whenever it is read. */
final class AccuracyBenchTest {
    private static final DataSet DATA = GeneratedShapes.generate(new ImageShape(1, 16, 16), 8, 4, 1);
    private static final BooleanSupplier NEVER = () -> false;

    @TempDir
    Path work;

    @Test
    void judgesOneDistillationAtEachOfItsBudgets() throws IOException {
        BudgetCells cells = bench(BudgetMethod.FTD, NEVER, 0.5, 1);

        List<BudgetCell> judged =
                cells.all().stream().filter(cell -> cell.minutes() != null).toList();
        assertThat(judged).extracting(BudgetCell::minutes).containsExactly(0.5, 1.0);
        assertThat(judged).allSatisfy(cell -> {
            assertThat(cell.failure()).isNull();
            assertThat(cell.accuracy()).isNotNull();
            assertThat(cell.expertSeconds()).isPositive().isLessThan(cell.seconds());
            assertThat(cell.seconds()).isBetween(cell.minutes() * 60, cell.minutes() * 60 + 5);
        });
        assertThat(iterations(judged.get(0))).isPositive().isLessThan(iterations(judged.get(1)));
        assertThat(cells.all())
                .filteredOn(cell -> cell.minutes() == null)
                .extracting(BudgetCell::method)
                .containsExactly(
                        "random real images",
                        "real images by herding",
                        "real images by k-center",
                        "random real, soft labels",
                        "the whole sample");
    }

    @Test
    void skipsWhatIsFinished() throws IOException {
        // Given
        List<BudgetCell> finished = bench(BudgetMethod.FTD, NEVER, 0.5).all();
        byte[] file = Files.readAllBytes(work.resolve("cells.jsonl"));

        // When
        BudgetCells cells = bench(BudgetMethod.FTD, () -> true, 0.5);

        // Then
        assertThat(cells.all()).isEqualTo(finished);
        assertThat(work.resolve("cells.jsonl")).hasBinaryContent(file);
    }

    @Test
    void judgesTheBaselinesOfCompetingMethodsOnce() throws IOException {
        bench(BudgetMethod.FTD, NEVER, 0.5);
        BudgetCells cells = bench(BudgetMethod.MTT, NEVER, 0.5);

        assertThat(cells.all())
                .extracting(BudgetCell::method)
                .containsExactly(
                        "ftd",
                        "random real images",
                        "real images by herding",
                        "real images by k-center",
                        "random real, soft labels",
                        "the whole sample",
                        "mtt");
    }

    @Test
    void countsOnlyActiveTimeOfAnInterruptedRun() throws IOException {
        // Given
        AtomicLong questions = new AtomicLong();
        assertThatThrownBy(() -> bench(BudgetMethod.MTT, () -> questions.incrementAndGet() > 20, 0.5))
                .isInstanceOf(DistillationCancelledException.class);
        assertThat(BudgetCells.in(work).all()).isEmpty();
        double before = clockOfTheOnlyRun().seconds();

        // When
        BudgetCells cells = bench(BudgetMethod.MTT, NEVER, 0.5);

        // Then
        assertThat(before).isPositive().isLessThan(30);
        assertThat(cells.all().get(0).seconds()).isBetween(30.0, 35.0);
    }

    @Test
    void namesTheCommandThatMakesTheSameSetAgain() throws IOException {
        // Given
        BudgetRun run = run(BudgetMethod.FTD, 0.5);
        BudgetCell cell = bench(BudgetMethod.FTD, NEVER, 0.5).all().get(0);
        Path again = work.resolve("again.safetensors");
        assertThat(cell.command())
                .startsWith("./reflux distill --ipc 1 --per-class 4 --threads "
                        + Compute.processors().threads() + " --set ")
                .endsWith(" --out set.safetensors");

        // When
        DistilledSet repeated = new Distillation(
                        run.settings()
                                .withMatching(SettingsProperties.apply(
                                                run.settings(), Map.of("matching.iterations", "" + iterations(cell)))
                                        .matching()),
                        again)
                .run(DATA.train().perClass(4, 1), DATA.test(), null, RunMonitor.SILENT)
                .set();

        // Then
        assertThat(SetFile.read(setOf(run)).images()).containsExactly(repeated.images());
        assertThat(cell.command()).contains("--set matching.iterations=" + iterations(cell));
    }

    @ParameterizedTest
    @CsvSource({"1, FTD", "1, MTT", "10, FTD", "10, FTD_SOFT"})
    void theCommandItNamesMeansTheSameSettings(int imagesPerClass, BudgetMethod method) {
        BudgetRun run = plan(imagesPerClass, method, List.of(5.0), Map.of())
                .runs(null, 1, "shapes")
                .get(0);
        List<String> words = new ArrayList<>(List.of(run.distillCommand(7).split(" ")));
        words.remove("./reflux");
        words.add("--show-config");
        Map<String, String> expected = new LinkedHashMap<>(SettingsProperties.write(run.settings()));
        expected.put("matching.iterations", "7");

        CommandRun shown = CommandRun.of(words.toArray(String[]::new));

        assertThat(shown.complaints()).isEmpty();
        assertThat(shown.output().lines())
                .containsExactlyElementsOf(expected.entrySet().stream()
                        .map(setting -> "reflux.distillation." + setting.getKey() + "=" + setting.getValue())
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(BudgetMethod.class)
    void saysWhenTheExpertsTookAllOfABudget(BudgetMethod method) throws IOException {
        BudgetCells cells = bench(method, NEVER, 0.01);

        assertThat(cells.all()).singleElement().satisfies(cell -> {
            assertThat(cell.failure()).isEqualTo("no time was left for matching");
            assertThat(cell.accuracy()).isNull();
        });
        assertThat(BudgetTable.of(cells.all())).contains("| 0.01 | none: no time was left for matching |");
    }

    @Test
    void recordsADistillationThatFailsAtAllItsBudgetsAndGoesOn() throws IOException {
        BudgetRun wild = run(Map.of("matching.image-learning-rate", "1e30"), BudgetMethod.FTD, 5, 6);

        BudgetCells cells = bench(wild, NEVER);

        assertThat(cells.all()).extracting(BudgetCell::minutes).containsExactly(5.0, 6.0);
        assertThat(cells.all()).allSatisfy(cell -> {
            assertThat(cell.failure()).startsWith("matching diverged");
            assertThat(cell.command()).contains("matching.image-learning-rate=1.0E30");
        });
    }

    @Test
    void leavesOutABudgetThatTheRunHasPassed() throws IOException {
        // Given
        bench(BudgetMethod.FTD, NEVER, 1);

        // When
        BudgetCells cells = bench(BudgetMethod.FTD, NEVER, 0.5);

        // Then
        assertThat(cells.all()).filteredOn(cell -> cell.minutes() != null).hasSize(1);
    }

    @Test
    void showsCellsAsAMarkdownTableWithTheirCommands() throws IOException {
        String table = BudgetTable.of(bench(BudgetMethod.MTT, NEVER, 0.5).all());

        assertThat(table.lines().filter(line -> line.startsWith("|"))).hasSize(2 + 6);
        assertThat(table)
                .contains("| 1 | shapes | 1 | random real images | – | ", "| 6 | shapes | 1 | mtt | 0.5 | ")
                .contains("\n6: ./reflux distill --ipc 1 --per-class 4 --threads ", "experts.flatness=0.0");
    }

    private BudgetCells bench(BudgetMethod method, BooleanSupplier interrupted, double... minutes) throws IOException {
        return bench(run(method, minutes), interrupted);
    }

    private BudgetCells bench(BudgetRun run, BooleanSupplier interrupted) throws IOException {
        BudgetCells cells = BudgetCells.in(work);
        AtomicLong time = new AtomicLong();
        new AccuracyBench(
                        work,
                        cells,
                        new RealImageBaselines(Compute.processors()),
                        Compute.processors(),
                        silent(),
                        interrupted,
                        () -> time.addAndGet(TimeUnit.MILLISECONDS.toNanos(500)))
                .measure(run, DATA);
        return cells;
    }

    private static BudgetRun run(BudgetMethod method, double... minutes) {
        return run(Map.of(), method, minutes);
    }

    private static BudgetRun run(Map<String, String> changes, BudgetMethod method, double... minutes) {
        Map<String, String> properties = new LinkedHashMap<>(TinySettings.properties());
        properties.remove("matching.iterations");
        properties.put("matching.image-learning-rate", "1");
        properties.put("matching.loss-gate", "Infinity");
        properties.putAll(changes);
        List<Double> budgets = Arrays.stream(minutes).boxed().toList();
        return plan(1, method, budgets, properties).runs(null, 1, "shapes").get(0);
    }

    private static BudgetPlan plan(
            int imagesPerClass, BudgetMethod method, List<Double> budgets, Map<String, String> properties) {
        return new BudgetPlan(
                budgets,
                budgets,
                List.of(imagesPerClass),
                List.of(method),
                List.of(1L),
                4,
                4,
                3,
                Compute.processors().threads(),
                BudgetTime.WALL,
                properties);
    }

    private static int iterations(BudgetCell cell) {
        Integer iterations = cell.iterations();
        return iterations == null ? -1 : iterations;
    }

    private Path setOf(BudgetRun run) {
        return work.resolve(run.name()).resolve("set-0.5min.safetensors");
    }

    private BudgetClock clockOfTheOnlyRun() throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            Path file = files.filter(path -> path.endsWith("clock.json"))
                    .findFirst()
                    .orElseThrow();
            return BudgetClock.open(file, () -> 0);
        }
    }

    private static Terminal silent() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Terminal(nowhere, nowhere, false);
    }
}
