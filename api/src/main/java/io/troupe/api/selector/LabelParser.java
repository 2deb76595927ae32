package io.troupe.api.selector;

import io.troupe.api.object.Quoted;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.selector.LabelLexer.Kind;
import io.troupe.api.selector.LabelLexer.Token;
import io.troupe.api.selector.LabelRequirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Recursive descent over a label selector's text; refuses with the words of upstream. */
final class LabelParser {
  private final List<Token> tokens;
  private int position;

  LabelParser(String text) {
    this.tokens = LabelLexer.tokens(text);
  }

  List<LabelRequirement> parse() {
    List<LabelRequirement> requirements = new ArrayList<>();
    while (true) {
      Token token = peek();
      switch (token.asValue()) {
        case IDENTIFIER, NOT -> {
          requirements.add(requirement());
          if (!another()) {
            return requirements;
          }
        }
        case END -> {
          return requirements;
        }
        default -> throw found(token, ", expected: !, identifier, or 'end of string'");
      }
    }
  }

  private boolean another() {
    Token token = next();
    if (token.kind() == Kind.END) {
      return false;
    }
    if (token.kind() != Kind.COMMA) {
      throw found(token, ", expected: ',' or 'end of string'");
    }
    Kind after = peek().asValue();
    if (after != Kind.IDENTIFIER && after != Kind.NOT) {
      throw found(peek(), ", expected: identifier after ','");
    }
    return true;
  }

  private LabelRequirement requirement() {
    boolean negated = peek().kind() == Kind.NOT;
    if (negated) {
      next();
    }
    Token key = next();
    if (key.asValue() != Kind.IDENTIFIER) {
      throw unparsable("found '" + key.text() + "', expected: identifier");
    }
    List<String> problems = LabelSyntax.keyProblems(key.text());
    if (!problems.isEmpty()) {
      throw unparsable(
          "<nil>: Invalid value: " + Quoted.quote(key.text()) + ": " + String.join("; ", problems));
    }
    Kind after = peek().kind();
    if (negated) {
      return checked(key.text(), Operator.DOES_NOT_EXIST, List.of());
    }
    if (after == Kind.END || after == Kind.COMMA) {
      return checked(key.text(), Operator.EXISTS, List.of());
    }
    Operator operator = operator();
    boolean set = operator == Operator.IN || operator == Operator.NOT_IN;
    return checked(key.text(), operator, List.copyOf(set ? values() : exactValue()));
  }

  private static LabelRequirement checked(String key, Operator operator, List<String> values) {
    LabelRequirement requirement = new LabelRequirement(key, operator, values);
    requirement
        .problem()
        .ifPresent(
            problem -> {
              throw unparsable(problem);
            });
    return requirement;
  }

  private Operator operator() {
    Token token = next();
    return switch (token.kind()) {
      case IN -> Operator.IN;
      case NOT_IN -> Operator.NOT_IN;
      case EQUALS -> Operator.EQUALS;
      case DOUBLE_EQUALS -> Operator.DOUBLE_EQUALS;
      case NOT_EQUALS -> Operator.NOT_EQUALS;
      case GREATER_THAN -> Operator.GREATER_THAN;
      case LESS_THAN -> Operator.LESS_THAN;
      default ->
          throw unparsable("found '" + token.text() + "', expected: in, notin, =, ==, !=, gt, lt");
    };
  }

  private SortedSet<String> values() {
    Token open = next();
    if (open.kind() != Kind.OPEN) {
      throw unparsable("found '" + open.text() + "' expected: '('");
    }
    Token first = peek();
    return switch (first.asValue()) {
      case IDENTIFIER, COMMA -> {
        SortedSet<String> values = identifiers();
        if (next().kind() != Kind.CLOSE) {
          throw unparsable("found '" + first.text() + "', expected: ')'");
        }
        yield values;
      }
      case CLOSE -> {
        next();
        yield new TreeSet<>(List.of(""));
      }
      default -> throw unparsable("found '" + first.text() + "', expected: ',', ')' or identifier");
    };
  }

  /** Identifiers between commas; an empty place, as in {@code (a,)}, is the empty value. */
  private SortedSet<String> identifiers() {
    SortedSet<String> values = new TreeSet<>();
    while (true) {
      Token token = next();
      switch (token.asValue()) {
        case IDENTIFIER -> {
          values.add(token.text());
          Token after = peek();
          if (after.kind() == Kind.CLOSE) {
            return values;
          }
          if (after.kind() != Kind.COMMA) {
            throw unparsable("found '" + after.text() + "', expected: ',' or ')'");
          }
        }
        case COMMA -> {
          if (values.isEmpty() || peek().kind() == Kind.CLOSE || peek().kind() == Kind.COMMA) {
            values.add("");
          }
          if (peek().kind() == Kind.CLOSE) {
            return values;
          }
        }
        default -> throw unparsable("found '" + token.text() + "', expected: ',', or identifier");
      }
    }
  }

  private SortedSet<String> exactValue() {
    Kind kind = peek().kind();
    if (kind == Kind.END || kind == Kind.COMMA) {
      return new TreeSet<>(List.of(""));
    }
    Token token = next();
    if (token.asValue() != Kind.IDENTIFIER) {
      throw unparsable("found '" + token.text() + "', expected: identifier");
    }
    return new TreeSet<>(List.of(token.text()));
  }

  private Token peek() {
    return tokens.get(Math.min(position, tokens.size() - 1));
  }

  private Token next() {
    Token token = peek();
    position++;
    return token;
  }

  private static RefusedException found(Token token, String expected) {
    return refused("found '" + token.text() + "'" + expected);
  }

  private static RefusedException unparsable(String why) {
    return refused("unable to parse requirement: " + why);
  }

  private static RefusedException refused(String message) {
    return new RefusedException(Refusal.badRequest(message));
  }
}
