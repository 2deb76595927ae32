package io.troupe.api.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Descriptions from the annotations of the official Java client's model classes, read as class
 * files from the class path.
 */
public final class ModelDescriptions implements Descriptions {
  private static final String MODELS = "io/kubernetes/client/openapi/models/";

  private final Map<String, Map<String, String>> known = new ConcurrentHashMap<>();

  @Override
  public String of(String definition, String field) {
    return known.computeIfAbsent(definition, ModelDescriptions::read).getOrDefault(field, "");
  }

  /** The client prefixes the group only to names that several groups have. */
  private static Map<String, String> read(String definition) {
    String[] parts = definition.split("\\.");
    if (parts.length < 3) {
      return Map.of();
    }
    String plain = capital(parts[parts.length - 2]) + parts[parts.length - 1];
    for (String name : List.of(capital(parts[parts.length - 3]) + plain, plain)) {
      Optional<ClassModel> model = load(name);
      if (model.isPresent()) {
        return describe(model.get());
      }
    }
    return Map.of();
  }

  private static Optional<ClassModel> load(String name) {
    ClassLoader loader = ModelDescriptions.class.getClassLoader();
    try (InputStream in = loader.getResourceAsStream(MODELS + name + ".class")) {
      return in == null ? Optional.empty() : Optional.of(ClassFile.of().parse(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException("class file of " + name, e);
    }
  }

  private static Map<String, String> describe(ClassModel model) {
    Map<String, String> jsonNames = new HashMap<>();
    for (FieldModel field : model.fields()) {
      annotated(field, "SerializedName", "value")
          .ifPresent(json -> jsonNames.put(field.fieldName().stringValue(), json));
    }
    Map<String, String> texts = new HashMap<>();
    annotated(model, "ApiModel", "description").ifPresent(text -> texts.put("", text));
    for (MethodModel method : model.methods()) {
      annotated(method, "ApiModelProperty", "value")
          .ifPresent(text -> readField(method).ifPresent(f -> texts.put(jsonNames.get(f), text)));
    }
    return texts;
  }

  /** The field that a getter returns. */
  private static Optional<String> readField(MethodModel getter) {
    return getter.code().stream()
        .flatMap(code -> code.elementStream())
        .filter(FieldInstruction.class::isInstance)
        .map(instruction -> ((FieldInstruction) instruction).name().stringValue())
        .findFirst();
  }

  private static Optional<String> annotated(
      AttributedElement element, String annotation, String value) {
    return element.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
        .flatMap(attribute -> attribute.annotations().stream())
        .filter(a -> a.className().stringValue().endsWith("/" + annotation + ";"))
        .map(Annotation::elements)
        .flatMap(List::stream)
        .filter(e -> e.name().equalsString(value))
        .map(AnnotationElement::value)
        .filter(AnnotationValue.OfString.class::isInstance)
        .map(text -> ((AnnotationValue.OfString) text).stringValue())
        .findFirst();
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
