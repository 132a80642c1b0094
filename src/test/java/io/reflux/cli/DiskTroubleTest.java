package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes no more, by a limit on the size of the files that a process of its own may write. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a shell with ulimit is needed")
final class DiskTroubleTest {
    @TempDir
    private Path directory;

    @Test
    void withoutRoomForItsCheckpointARunEndsAllTheSame() throws Exception {
        byte[] free = distil("free", Integer.MAX_VALUE, 0).set();

        // Trajectories take 17 kB, the set 63 kB, the checkpoint 300 kB.
        Ended full = distil("full", 100, 0);

        assertThat(full.set()).isEqualTo(free);
        assertThat(full.messages()).contains("matching-", "cannot be written", "matching goes on");
    }

    @Test
    void withoutRoomForItsTrajectoriesARunSaysSoAndTheNextOneMakesThem() throws Exception {
        Ended full = distil("full", 8, 1);
        assertThat(full.messages().lines().filter(line -> line.startsWith("reflux: ")))
                .singleElement()
                .asString()
                .contains(
                        "trajectory",
                        "cannot be written",
                        directory.resolve("full").toString(),
                        "free space");

        byte[] after = distil("full", Integer.MAX_VALUE, 0).set();

        assertThat(after).isEqualTo(distil("free", Integer.MAX_VALUE, 0).set());
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("taken"), "");

        Ended ended = distil("taken", Integer.MAX_VALUE, 1);

        assertThat(ended.messages()).contains("reflux: ", file.toString());
    }

    /** What a process said, and the file it wrote, if it did. */
    private record Ended(String messages, byte[] set) {}

    /** @param kilobytes that each file may have */
    private Ended distil(String work, int kilobytes, int expectedExit) throws Exception {
        Path set = directory.resolve("set.npz");
        Path messages = directory.resolve("messages.txt");
        Files.deleteIfExists(set);
        List<String> arguments = new ArrayList<>(List.of("distill", "--out", set.toString(), "--per-class", "20"));
        arguments.addAll(List.of("--work", directory.resolve(work).toString(), "--ipc", "2", "--quiet"));
        TinySettings.properties().forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
        int exit = new ProcessBuilder(limited(kilobytes, arguments))
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start()
                .waitFor();
        assertThat(exit).as(Files.readString(messages)).isEqualTo(expectedExit);
        return new Ended(Files.readString(messages), exit == 0 ? Files.readAllBytes(set) : new byte[0]);
    }

    private static List<String> limited(int kilobytes, List<String> arguments) {
        String limit = kilobytes == Integer.MAX_VALUE ? "" : "ulimit -f " + 2 * kilobytes + "; ";
        List<String> command = new ArrayList<>(List.of("sh", "-c", limit + "exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:-UsePerfData", "-Dai.djl.offline=true"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Reflux.class.getName()));
        command.addAll(arguments);
        return command;
    }
}
