package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchJournalTest {
    @TempDir
    private Path directory;

    @Test
    void knowsWhatAFormerRunFinished() throws IOException {
        NetworkScore.Test test = new NetworkScore.Test(1 / 3.0, 1.25);
        write("a", test);

        try (SearchJournal journal = SearchJournal.open(file())) {
            assertThat(journal.find("a")).contains(test);
            assertThat(journal.find("b")).isEmpty();
        }
    }

    @Test
    void cutsOffALineThatACrashCutShortAndGoesOnBehindTheOthers() throws IOException {
        write("a", new NetworkScore.Test(0.5, 1));
        Files.writeString(file(), "{\"network\":\"b\",\"accuracy\":0.2", StandardOpenOption.APPEND);

        write("c", new NetworkScore.Test(0.25, 2));

        assertThat(Files.readAllLines(file()))
                .containsExactly(
                        "{\"network\":\"a\",\"accuracy\":0.5,\"seconds\":1.0}",
                        "{\"network\":\"c\",\"accuracy\":0.25,\"seconds\":2.0}");
    }

    @Test
    void passesOverADamagedLine() throws IOException {
        write("a", new NetworkScore.Test(0.5, 1));
        Files.writeString(file(), "\0\0\0\n{\"network\":\"b\"}\n", StandardOpenOption.APPEND);
        write("c", new NetworkScore.Test(0.25, 2));

        try (SearchJournal journal = SearchJournal.open(file())) {
            assertThat(journal.find("a")).isPresent();
            assertThat(journal.find("b")).isEmpty();
            assertThat(journal.find("c")).isPresent();
        }
    }

    private void write(String network, NetworkScore.Test test) throws IOException {
        try (SearchJournal journal = SearchJournal.open(file())) {
            journal.add(network, test);
        }
    }

    private Path file() {
        return directory.resolve("folder").resolve("set.jsonl");
    }
}
