package io.reflux.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Functions over the engine's kernels, written in TorchScript: what DJL's arrays have no method for, and a chain of
 * operations in one call. The archive that PyTorch loads (a ZIP of stored entries: the source, a pickled empty module,
 * no constants) is put together here from the source.
 *
 * <p>No graph is recorded. Modules are loaded once a device and live as long as the process.
 */
final class TorchScript {
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private final String module;
    private final Map<Device, PtSymbolBlock> loaded = new ConcurrentHashMap<>();

    /**
     * @param module the class in the resource {@code module.torchscript} beside this one
     */
    TorchScript(String module) {
        this.module = module;
    }

    /**
     * Calls a method with tensors, then whole numbers, then switches, in this order.
     *
     * @return its tensors, owned by {@code owner}
     */
    NDArray[] call(String method, NDManager owner, NDArray[] tensors, long[] numbers, boolean... switches) {
        IValue[] inputs = new IValue[tensors.length + numbers.length + switches.length];
        int at = 0;
        for (NDArray tensor : tensors) {
            inputs[at++] = IValue.from((PtNDArray) tensor);
        }
        for (long number : numbers) {
            inputs[at++] = IValue.from(number);
        }
        for (boolean on : switches) {
            inputs[at++] = IValue.from(on);
        }
        PtNDManager manager = (PtNDManager) owner;
        try (IValue result = IValueUtils.runMethod(on(tensors[0].getDevice()), method, inputs)) {
            return result.isTensor() ? new NDArray[] {ordinary(result, manager)} : tensors(result, manager);
        } finally {
            Arrays.stream(inputs).forEach(IValue::close);
        }
    }

    /** Makes calls on this thread run the source as it stands, so that the first call and later ones do the same. */
    static void prepareThread() {
        JniUtils.setGraphExecutorOptimize(false);
    }

    private static NDArray[] tensors(IValue tuple, PtNDManager manager) {
        IValue[] parts = tuple.toIValueTuple();
        NDArray[] tensors = new NDArray[parts.length];
        for (int i = 0; i < parts.length; i++) {
            tensors[i] = ordinary(parts[i], manager);
            parts[i].close();
        }
        return tensors;
    }

    /** A copy: DJL calls methods in inference mode, whose tensors nobody may add to or differentiate later. */
    private static NDArray ordinary(IValue value, PtNDManager manager) {
        try (NDArray inference = value.toTensor(manager)) {
            return inference.duplicate();
        }
    }

    private PtSymbolBlock on(Device device) {
        return loaded.computeIfAbsent(device, this::load);
    }

    private PtSymbolBlock load(Device device) {
        PtNDManager forever = (PtNDManager) Compute.engine().newBaseManager(device);
        try (InputStream archive = new ByteArrayInputStream(archive())) {
            return JniUtils.loadModule(forever, archive, true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", emptyModule());
            store(zip, "code/__torch__.py", source());
            store(zip, "constants.pkl", NO_CONSTANTS);
            store(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /** A pickle of {@code __torch__.MODULE()} with the one attribute that every module has. */
    private byte[] emptyModule() {
        String pickle = "\u0080\u0002c__torch__\n" + module + "\n)\u0081}X\u0008\0\0\0training\u0088sb.";
        return pickle.getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] source() throws IOException {
        String resource = module + ".torchscript";
        try (InputStream source = TorchScript.class.getResourceAsStream(resource)) {
            if (source == null) {
                throw new IllegalStateException("the resource " + resource + " is missing from this build");
            }
            return source.readAllBytes();
        }
    }

    private void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(module + "/" + name);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
