package sotto.rooms.explore;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles a mutant in memory and loads it, with machine and exploration around it, in a class loader of its own. The
 * product's classes stay as they are.
 */
final class MutantMachine extends ClassLoader {
    private static final String PACKAGE = "sotto.rooms.";
    private static final Path SOURCES = Path.of("src/main/java/sotto/rooms/machine");

    private final Map<String, byte[]> changed;

    private MutantMachine(Map<String, byte[]> changed) {
        super(MutantMachine.class.getClassLoader());
        this.changed = changed;
    }

    /** What the exploration finds in a mutant, as {@link Hunt} tells it. */
    @SuppressWarnings("unchecked")
    static Optional<String> hunt(Mutants.Mutant mutant, boolean hosts) throws Exception {
        MutantMachine loader = new MutantMachine(compile(mutant.type(), patched(mutant)));
        try {
            return (Optional<String>) loader.loadClass(Hunt.class.getName())
                    .getMethod("findAnything", boolean.class)
                    .invoke(null, hosts);
        } catch (InvocationTargetException failed) {
            throw new AssertionError("the exploration itself fails on this mutant", failed.getCause());
        }
    }

    /** The source with the bug in it. */
    static String patched(Mutants.Mutant mutant) throws IOException {
        String source = Files.readString(SOURCES.resolve(mutant.type() + ".java"));
        int at = source.indexOf(mutant.text());
        if (at < 0 || source.indexOf(mutant.text(), at + 1) >= 0)
            throw new AssertionError(mutant.type() + ".java does not have this text once any more, bring the mutant '"
                    + mutant.bug() + "' up to date: " + mutant.text());
        return source.replace(mutant.text(), mutant.instead());
    }

    private static Map<String, byte[]> compile(String type, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        Map<String, byte[]> classes = new TreeMap<>();
        JavaFileObject text =
                new SimpleJavaFileObject(URI.create("string:///" + type + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            problems, new Memory(files, classes), null, new ArrayList<>(options), null, List.of(text))
                    .call();
            if (!compiled) throw new AssertionError("a mutant does not compile: " + problems);
        }
        return classes;
    }

    /** Keeps what is compiled. */
    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, byte[]> classes;

        Memory(JavaFileManager files, Map<String, byte[]> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                @Override
                public java.io.OutputStream openOutputStream() {
                    return new java.io.ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(name, toByteArray());
                        }
                    };
                }
            };
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(PACKAGE)) return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) return loaded;
            byte[] code = changed.containsKey(name) ? changed.get(name) : original(name);
            return defineClass(name, code, 0, code.length);
        }
    }

    private byte[] original(String name) throws ClassNotFoundException {
        try (InputStream code = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (code == null) throw new ClassNotFoundException(name);
            return code.readAllBytes();
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
