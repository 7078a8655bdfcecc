package io.github.purerank.server;

import io.github.purerank.server.RequestException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The fields of a request's JSON object. A null is taken for a field that is not there. */
final class Fields {
    private final JsonNode body;
    private final Set<String> known = new HashSet<>();

    Fields(JsonNode body) throws RequestException {
        if (!body.isObject()) {
            throw new RequestException(Reason.INVALID, "expected a JSON object");
        }
        this.body = body;
    }

    String text(String name) throws RequestException {
        JsonNode value = value(name);
        if (value == null) {
            throw new RequestException(Reason.INVALID, name + ": missing");
        }
        return text(name, value);
    }

    /** A string that need not be there; null without it. */
    String optionalText(String name) throws RequestException {
        JsonNode value = value(name);
        return value == null ? null : text(name, value);
    }

    /** Strings, at least one; where {@code objects} allows it, an object with the field "text" may stand for a string. */
    List<String> texts(String name, boolean objects) throws RequestException {
        JsonNode values = value(name);
        if (values == null) {
            throw new RequestException(Reason.INVALID, name + ": missing");
        }
        if (!values.isArray()) {
            throw wrong(name, "an array of strings");
        }
        if (values.isEmpty()) {
            throw new RequestException(Reason.INVALID, name + ": expected at least one text, found none");
        }
        List<String> texts = new ArrayList<>(values.size());
        for (JsonNode value : values) {
            String place = name + "[" + texts.size() + "]";
            if (objects && value.isObject()) {
                JsonNode text = value.get("text");
                if (text == null || value.size() > 1) {
                    throw wrong(place, "a string, or an object with \"text\" alone");
                }
                texts.add(text(place + ".text", text));
            } else {
                texts.add(text(place, value));
            }
        }
        return texts;
    }

    boolean flag(String name, boolean otherwise) throws RequestException {
        JsonNode value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.asBoolean();
    }

    /** A whole number from {@code least} on. */
    int number(String name, int least, int otherwise) throws RequestException {
        JsonNode value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least) {
            throw wrong(name, "a whole number, at least " + least);
        }
        return value.asInt();
    }

    /** To be called last: a field that was not asked for is not supported. */
    void requireNoOthers() throws RequestException {
        for (String name : body.propertyNames()) {
            if (!known.contains(name) && !body.get(name).isNull()) {
                throw new RequestException(Reason.INVALID, name + ": not supported");
            }
        }
    }

    private JsonNode value(String name) {
        known.add(name);
        JsonNode value = body.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static String text(String name, JsonNode value) throws RequestException {
        if (!value.isString()) {
            throw wrong(name, "a string");
        }
        return value.asString();
    }

    private static RequestException wrong(String name, String expected) {
        return new RequestException(Reason.INVALID, name + ": expected " + expected);
    }
}
