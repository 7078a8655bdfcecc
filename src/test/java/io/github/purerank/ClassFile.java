package io.github.purerank;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a class file refers to, by its constant pool (chapter 4 of the JVM specification).
 *
 * @param name the class, with slashes
 * @param members the methods and fields that its code names, each as owner.name; those that only serve to link lambdas, string
 *     concatenations and records are not among them
 * @param types the classes that its code makes, tests for or calls; one that is only handed on, by a descriptor, is none
 * @param nativeMethods names of its methods without code
 */
record ClassFile(String name, Set<String> members, Set<String> types, List<String> nativeMethods) {
    private static final int ACC_NATIVE = 0x0100;

    /** What javac links lambdas, concatenations and records with: these are called by the JVM, with a lookup that it made. */
    private static final Set<String> LINKERS = Set.of(
            "java/lang/invoke/LambdaMetafactory.metafactory",
            "java/lang/invoke/LambdaMetafactory.altMetafactory",
            "java/lang/invoke/StringConcatFactory.makeConcatWithConstants",
            "java/lang/runtime/ObjectMethods.bootstrap");

    static ClassFile read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        if (in.readInt() != 0xCAFEBABE) {
            throw new IOException("not a class file");
        }
        in.readInt();
        Pool pool = new Pool(in);
        in.readUnsignedShort();
        String name = pool.className(in.readUnsignedShort());
        in.readUnsignedShort();
        in.skipNBytes(2L * in.readUnsignedShort());
        List<String> nativeMethods = new ArrayList<>();
        readMembers(in, pool, new ArrayList<>());
        readMembers(in, pool, nativeMethods);
        return new ClassFile(name, pool.members(), pool.types(), nativeMethods);
    }

    /** Fields or methods. */
    private static void readMembers(DataInputStream in, Pool pool, List<String> natives) throws IOException {
        int count = in.readUnsignedShort();
        for (int i = 0; i < count; i++) {
            int access = in.readUnsignedShort();
            String name = pool.utf8[in.readUnsignedShort()];
            if ((access & ACC_NATIVE) != 0) {
                natives.add(name);
            }
            in.readUnsignedShort();
            int attributes = in.readUnsignedShort();
            for (int a = 0; a < attributes; a++) {
                in.readUnsignedShort();
                in.skipNBytes(Integer.toUnsignedLong(in.readInt()));
            }
        }
    }

    private static final class Pool {
        final int[] tags;
        final String[] utf8;

        /** The one or two indexes that an entry consists of. */
        final int[] first;

        final int[] second;

        Pool(DataInputStream in) throws IOException {
            int count = in.readUnsignedShort();
            tags = new int[count];
            utf8 = new String[count];
            first = new int[count];
            second = new int[count];
            for (int i = 1; i < count; i++) {
                tags[i] = in.readUnsignedByte();
                switch (tags[i]) {
                    case 1 -> utf8[i] = in.readUTF();
                    case 3, 4 -> in.readInt();
                    case 5, 6 -> {
                        in.readLong();
                        // A number of eight bytes takes two places.
                        i++;
                    }
                    case 7, 8, 16, 19, 20 -> first[i] = in.readUnsignedShort();
                    case 9, 10, 11, 12, 17, 18 -> {
                        first[i] = in.readUnsignedShort();
                        second[i] = in.readUnsignedShort();
                    }
                    case 15 -> {
                        in.readUnsignedByte();
                        first[i] = in.readUnsignedShort();
                    }
                    default -> throw new IOException("unknown constant " + tags[i]);
                }
            }
        }

        String className(int index) {
            return utf8[first[index]];
        }

        Set<String> members() {
            Set<String> members = new TreeSet<>();
            for (int i = 1; i < tags.length; i++) {
                if (tags[i] >= 9 && tags[i] <= 11) {
                    String member = className(first[i]) + "." + utf8[first[second[i]]];
                    if (!LINKERS.contains(member)) {
                        members.add(member);
                    }
                }
            }
            return members;
        }

        Set<String> types() {
            Set<String> types = new TreeSet<>();
            for (int i = 1; i < tags.length; i++) {
                if (tags[i] == 7) {
                    // An array's element, if it is one: "[[Lname;"
                    types.add(className(i).replaceFirst("^\\[+L?", "").replace(";", ""));
                }
            }
            // Named with each lambda, as a class inside another.
            types.remove("java/lang/invoke/MethodHandles$Lookup");
            types.remove("java/lang/invoke/MethodHandles");
            for (String linker : LINKERS) {
                types.remove(linker.substring(0, linker.indexOf('.')));
            }
            return types;
        }
    }
}
