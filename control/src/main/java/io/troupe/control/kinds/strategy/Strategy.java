package io.troupe.control.kinds.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The rules of one kind. Everything has a generic value, so a kind states only what is special
 * about it; see {@link #of}.
 *
 * @param nameRule what is wrong with a name
 * @param defaults fills absent fields (of main body and status alike), as decoding does upstream
 * @param prepareCreate after admission, before validation; status is already dropped
 * @param prepareUpdate likewise for updates of the object itself; status is already the old one
 * @param prepareStatus for {@code status} writes; everything but status and metadata is the old one
 * @param grace seconds of grace for a deletion, null when the kind has no graceful deletion
 * @param pinned whether a deleted object must stay for a reason of its kind, besides finalizers
 * @param prepareDelete changes an object that is marked for deletion
 * @param selectable field selectors besides {@code metadata.name} and {@code metadata.namespace}
 * @param subresources writes to subresources other than {@code status}
 */
public record Strategy(
    String group,
    String kind,
    Function<String, List<String>> nameRule,
    Set<Trait> traits,
    ChangeTest changesGeneration,
    Consumer<ObjectNode> defaults,
    Preparation prepareCreate,
    UpdatePreparation prepareUpdate,
    UpdatePreparation prepareStatus,
    Validation validate,
    UpdateValidation validateUpdate,
    UpdateValidation validateStatus,
    Grace grace,
    Predicate<ObjectNode> pinned,
    Preparation prepareDelete,
    Columns columns,
    Map<String, Function<JsonNode, String>> selectable,
    Map<String, SubresourceRule> subresources) {

  /** Changes a new object that the decider owns. */
  @FunctionalInterface
  public interface Preparation {
    void prepare(ObjectNode object, Facts facts);
  }

  /** Changes the new form of an object that the decider owns, given the old one. */
  @FunctionalInterface
  public interface UpdatePreparation {
    void prepare(ObjectNode object, ObjectNode old, Facts facts);
  }

  /** Finds what is wrong with an object. */
  @FunctionalInterface
  public interface Validation {
    void check(ObjectNode object, Errors errors);
  }

  /** Finds what is wrong with a change. */
  @FunctionalInterface
  public interface UpdateValidation {
    void check(ObjectNode object, ObjectNode old, Errors errors);
  }

  /** Seconds of grace for a deletion with these options. */
  @FunctionalInterface
  public interface Grace {
    long seconds(ObjectNode object, DeleteOptions options);
  }

  /** Behaviour switches of a kind; upstream's small strategy methods. */
  public enum Trait {
    /** Counts generations. */
    GENERATION,
    /** A PUT of an absent object creates it. */
    CREATE_ON_UPDATE,
    /** A PUT must name the resourceVersion. */
    CONDITIONAL_UPDATE_ONLY,
    /** A delete without propagation policy orphans dependents. */
    ORPHANS_BY_DEFAULT,
    /** A create may bring a status although there is a subresource. */
    STATUS_ON_CREATE,
    /** Status is part of main writes although there is a subresource. */
    KEEPS_STATUS
  }

  /** Whether a change is one that counts. */
  @FunctionalInterface
  public interface ChangeTest {
    boolean changed(ObjectNode object, ObjectNode old);
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  public boolean isGraceful() {
    return grace != null;
  }

  /** Begins the strategy of a kind with generic rules. */
  public static Builder of(String group, String kind) {
    return new Builder(group, kind);
  }

  /** Collects what is special about a kind. */
  public static final class Builder {
    private final String group;
    private final String kind;
    private Function<String, List<String>> nameRule = Names::dnsSubdomain;
    private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
    private ChangeTest changesGeneration = (object, old) -> !Same.equal(object, old, "spec");
    private Predicate<ObjectNode> pinned = object -> false;
    private Preparation prepareDelete = (object, facts) -> {};
    private Consumer<ObjectNode> defaults = object -> {};
    private Preparation prepareCreate = (object, facts) -> {};
    private UpdatePreparation prepareUpdate = (object, old, facts) -> {};
    private UpdatePreparation prepareStatus = (object, old, facts) -> {};
    private Validation validate = (object, errors) -> {};
    private UpdateValidation validateUpdate = (object, old, errors) -> {};
    private UpdateValidation validateStatus = (object, old, errors) -> {};
    private Grace grace;
    private Columns columns;
    private final Map<String, Function<JsonNode, String>> selectable = new HashMap<>();
    private final Map<String, SubresourceRule> subresources = new HashMap<>();

    private Builder(String group, String kind) {
      this.group = group;
      this.kind = kind;
    }

    public Builder nameRule(Function<String, List<String>> rule) {
      nameRule = rule;
      return this;
    }

    public Builder with(Trait trait) {
      traits.add(trait);
      return this;
    }

    /** Counts changes of {@code spec}. */
    public Builder generation() {
      return with(Trait.GENERATION);
    }

    public Builder generation(ChangeTest test) {
      changesGeneration = test;
      return with(Trait.GENERATION);
    }

    public Builder defaults(Consumer<ObjectNode> rule) {
      defaults = rule;
      return this;
    }

    public Builder prepareCreate(Preparation rule) {
      prepareCreate = rule;
      return this;
    }

    public Builder prepareUpdate(UpdatePreparation rule) {
      prepareUpdate = rule;
      return this;
    }

    public Builder prepareStatus(UpdatePreparation rule) {
      prepareStatus = rule;
      return this;
    }

    /** Holds for new objects and, unless {@link #validateUpdate} is set too, for changed ones. */
    public Builder validate(Validation rule) {
      validate = rule;
      validateUpdate = (object, old, errors) -> rule.check(object, errors);
      return this;
    }

    /** Replaces the rule for updates. */
    public Builder validateUpdate(UpdateValidation rule) {
      validateUpdate = rule;
      return this;
    }

    /** Adds to the rule for updates. */
    public Builder alsoOnUpdate(UpdateValidation rule) {
      UpdateValidation before = validateUpdate;
      validateUpdate =
          (object, old, errors) -> {
            before.check(object, old, errors);
            rule.check(object, old, errors);
          };
      return this;
    }

    public Builder validateStatus(UpdateValidation rule) {
      validateStatus = rule;
      return this;
    }

    public Builder grace(Grace rule) {
      grace = rule;
      return this;
    }

    public Builder pinned(Predicate<ObjectNode> test) {
      pinned = test;
      return this;
    }

    public Builder prepareDelete(Preparation rule) {
      prepareDelete = rule;
      return this;
    }

    public Builder columns(Columns shown) {
      columns = shown;
      return this;
    }

    public Builder selectable(String path, Function<JsonNode, String> value) {
      selectable.put(path, value);
      return this;
    }

    public Builder subresource(String name, SubresourceRule rule) {
      subresources.put(name, rule);
      return this;
    }

    public Strategy build() {
      return new Strategy(
          group,
          kind,
          nameRule,
          Set.copyOf(traits),
          changesGeneration,
          defaults,
          prepareCreate,
          prepareUpdate,
          prepareStatus,
          validate,
          validateUpdate,
          validateStatus,
          grace,
          pinned,
          prepareDelete,
          columns,
          Map.copyOf(selectable),
          Map.copyOf(subresources));
    }
  }
}
