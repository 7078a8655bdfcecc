package io.github.purerank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What our classes do not do, by the names in their class files: no reflection, nothing behind the JVM's back, no native code, no
 * other process; and the network is for fetching alone. Without reflection no class can be loaded by a name from a file.
 */
class BytecodeTest {
    /** Those that fetch, and the manifest with its URLs. */
    private static final Set<String> FETCHING =
            Set.of("BodyWriter", "EnvironmentProxies", "HttpDownload", "Mirror", "ModelFetcher", "WeightsManifest");

    /** All else that java.lang.Class can do begins reflection or loads classes. */
    private static final Set<String> CLASS_METHODS = Set.of(
            "desiredAssertionStatus", "getName", "getSimpleName", "getPackage", "getResource", "getResourceAsStream");

    /** Types that are not named at all: prefixes, and single classes with a "." at their end. */
    private static final List<String> FORBIDDEN_TYPES = List.of(
            "java/lang/reflect/",
            "java/lang/invoke/",
            "java/lang/foreign/",
            "java/lang/instrument/",
            "java/lang/ClassLoader.",
            "java/lang/Process.",
            "java/lang/ProcessBuilder",
            "java/lang/ProcessHandle",
            "java/beans/",
            "java/io/ObjectInputStream",
            "java/io/ObjectOutputStream",
            "java/rmi/",
            "java/util/ServiceLoader",
            "javax/management/",
            "javax/naming/",
            "javax/script/",
            "javax/tools/",
            "jdk/incubator/foreign/",
            "jdk/internal/",
            "sun/",
            "com/sun/",
            "jdk/vm/");

    private static final Set<String> FORBIDDEN_MEMBERS = Set.of(
            "java/lang/Module.addExports",
            "java/lang/Module.addOpens",
            "java/lang/Module.addReads",
            "java/lang/Module.addUses",
            "java/lang/Thread.getContextClassLoader",
            "java/lang/Thread.setContextClassLoader",
            "java/lang/ModuleLayer.defineModules",
            "java/lang/ModuleLayer.defineModulesWithManyLoaders",
            "java/lang/ModuleLayer.defineModulesWithOneLoader",
            "java/lang/System.load",
            "java/lang/System.loadLibrary",
            "java/lang/Runtime.load",
            "java/lang/Runtime.loadLibrary",
            "java/lang/Runtime.exec");

    private static final List<String> NETWORK = List.of(
            "java/net/",
            "javax/net/",
            "java/nio/channels/SocketChannel.",
            "java/nio/channels/ServerSocketChannel.",
            "java/nio/channels/DatagramChannel.",
            "java/nio/channels/AsynchronousSocketChannel.",
            "java/nio/channels/AsynchronousServerSocketChannel.");

    @Test
    void noClassDoesWhatNoneShould() throws Exception {
        Set<String> fetching = new TreeSet<>();
        int classes = 0;
        for (ClassFile file : classFiles(CrossEncoder.class)) {
            classes++;
            assertEquals(List.of(), misdeeds(file), file.name());
            if (!network(file).isEmpty()) {
                String outer = file.name().replaceFirst("\\$.*", "");
                assertTrue(outer.startsWith("io/github/purerank/load/"), outer + " uses " + network(file));
                fetching.add(outer.substring(outer.lastIndexOf('/') + 1));
            }
        }
        assertTrue(classes > 100, classes + " classes");
        assertEquals(new TreeSet<>(FETCHING), fetching);
    }

    /** Each of the rules finds what breaks it. */
    @Test
    void offencesAreFound() throws Exception {
        List<String> misdeeds = new ArrayList<>();
        for (ClassFile file : classFiles(BytecodeTest.class)) {
            if (file.name().equals("io/github/purerank/BytecodeTest$Offender")) {
                misdeeds.addAll(misdeeds(file));
                assertEquals(List.of("java/net/Socket", "java/nio/channels/SocketChannel"), network(file));
            }
        }
        assertEquals(
                Set.of(
                        "java/io/ObjectInputStream",
                        "java/lang/Module.addReads",
                        "java/lang/Thread.getContextClassLoader",
                        "java/lang/Class.forName",
                        "java/lang/Class.getDeclaredMethod",
                        "java/lang/Class.getModule",
                        "java/lang/ClassLoader",
                        "java/lang/Process",
                        "java/lang/ProcessBuilder",
                        "java/lang/Runtime.exec",
                        "java/lang/System.loadLibrary",
                        "java/lang/invoke/MethodHandles$Lookup.lookupClass",
                        "java/lang/invoke/MethodHandles.lookup",
                        "java/lang/reflect/Method",
                        "java/util/ServiceLoader",
                        "native there"),
                Set.copyOf(misdeeds));
    }

    private static List<String> misdeeds(ClassFile file) {
        List<String> misdeeds = new ArrayList<>();
        file.nativeMethods().forEach(method -> misdeeds.add("native " + method));
        for (String type : file.types()) {
            if (startsWithAny(type, FORBIDDEN_TYPES)) {
                misdeeds.add(type);
            }
        }
        for (String member : file.members()) {
            int dot = member.indexOf('.');
            boolean reflective =
                    member.startsWith("java/lang/Class.") && !CLASS_METHODS.contains(member.substring(dot + 1));
            if (reflective || member.startsWith("java/lang/invoke/") || FORBIDDEN_MEMBERS.contains(member)) {
                misdeeds.add(member);
            }
        }
        return misdeeds;
    }

    private static List<String> network(ClassFile file) {
        return file.types().stream()
                .filter(type -> startsWithAny(type, NETWORK))
                .toList();
    }

    private static boolean startsWithAny(String type, List<String> prefixes) {
        return prefixes.stream().anyMatch((type + ".")::startsWith);
    }

    /** All classes that were compiled together with one. */
    private static List<ClassFile> classFiles(Class<?> one) throws Exception {
        Path root =
                Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<ClassFile> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                classes.add(ClassFile.read(Files.readAllBytes(file)));
            }
        }
        return classes;
    }

    /** Does, if it were called, all that our classes must not. */
    @SuppressWarnings("unused")
    private static final class Offender {
        static native void there();

        static Object offend(String name) throws Exception {
            Class<?> type = Class.forName(name);
            Method method = type.getDeclaredMethod(name);
            method.setAccessible(true);
            System.loadLibrary(name);
            Process process = Runtime.getRuntime().exec(new String[] {name});
            new ProcessBuilder(name).start();
            java.util.ServiceLoader.load(Runnable.class);
            type.getModule().addReads(type.getModule());
            Thread.currentThread().getContextClassLoader();
            try (Socket socket = new Socket();
                    SocketChannel channel = SocketChannel.open();
                    java.io.ObjectInputStream objects = new java.io.ObjectInputStream(socket.getInputStream())) {
                return List.of(MethodHandles.lookup().lookupClass(), objects, channel, process);
            } catch (IOException e) {
                return ClassLoader.getSystemClassLoader();
            }
        }
    }
}
