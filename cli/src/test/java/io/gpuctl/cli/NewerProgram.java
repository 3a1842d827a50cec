package io.gpuctl.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Turns a process into a newer program: a Java agent that raises the reader version by one. The packaged program has no
 * setting for this, so that no user can set it.
 */
public final class NewerProgram implements ClassFileTransformer {
    private static final String READER_VERSION = "io/gpuctl/events/ReaderVersion";

    private NewerProgram() {}

    /** Called by the JVM before the program's {@code main}. */
    public static void premain(String options, Instrumentation instrumentation) {
        instrumentation.addTransformer(new NewerProgram());
    }

    /** Writes the agent into the folder. Returns the option of the JVM that loads the agent. */
    static String javaOption(Path directory) throws IOException {
        Path jar = directory.resolve("newer-program.jar");
        String classFile = NewerProgram.class.getName().replace('.', '/') + ".class";
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", NewerProgram.class.getName());
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream in = NewerProgram.class.getResourceAsStream("/" + classFile)) {
            out.putNextEntry(new JarEntry(classFile));
            in.transferTo(out);
            out.closeEntry();
        }
        return "-javaagent:" + jar;
    }

    @Override
    public byte[] transform(
            Module module,
            ClassLoader loader,
            String name,
            Class<?> redefined,
            ProtectionDomain domain,
            byte[] classFile) {
        if (!READER_VERSION.equals(name)) {
            return null; // Unchanged.
        }
        var format = ClassFile.of();
        return format.transformClass(
                format.parse(classFile),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("newest"), (code, element) -> {
                            if (element instanceof ConstantInstruction constant) {
                                code.loadConstant((Integer) constant.constantValue() + 1);
                            } else {
                                code.with(element);
                            }
                        }));
    }
}
