package io.troupe.api.discovery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kubernetes' order of API versions, the preferred one first: GA before beta before alpha, newer
 * before older, then any other name by alphabet (apimachinery/pkg/version).
 */
public final class VersionOrder implements Comparator<String> {
  private static final Pattern SHAPE = Pattern.compile("v(\\d{1,9})(?:(alpha|beta)(\\d{1,9}))?");

  @Override
  public int compare(String left, String right) {
    Matcher a = SHAPE.matcher(left);
    Matcher b = SHAPE.matcher(right);
    boolean knownA = a.matches();
    boolean knownB = b.matches();
    if (!knownA || !knownB) {
      return knownA == knownB ? left.compareTo(right) : knownA ? -1 : 1;
    }
    int byStage = Integer.compare(stage(b), stage(a));
    int byMajor = Integer.compare(number(b, 1), number(a, 1));
    if (byStage != 0) {
      return byStage;
    }
    return byMajor != 0 ? byMajor : Integer.compare(number(b, 3), number(a, 3));
  }

  private static int stage(Matcher version) {
    String stage = version.group(2);
    return stage == null ? 2 : stage.equals("beta") ? 1 : 0;
  }

  private static int number(Matcher version, int group) {
    return version.group(group) == null ? 0 : Integer.parseInt(version.group(group));
  }
}
