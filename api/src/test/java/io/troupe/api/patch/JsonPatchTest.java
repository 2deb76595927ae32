package io.troupe.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {

  private static JsonNode tree(String text) throws Exception {
    return Json.MAPPER.readTree(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':[1,2]} | [{'op':'add','path':'/a/1','value':3}] | {'a':[1,3,2]}",
        "{'a':[1,2]} | [{'op':'add','path':'/a/-','value':[3]}] | {'a':[1,2,[3]]}",
        "{'a':1} | [{'op':'add','path':'','value':{'b':2}}] | {'b':2}",
        "{'a':1} | [{'op':'add','path':'/','value':2}] | {'a':1,'':2}",
        "{'a/b':1,'m~n':2} | [{'op':'remove','path':'/a~1b'},{'op':'test','path':'/m~0n','value':2}]"
            + " | {'m~n':2}",
        "{'a':{'b':1}} | [{'op':'move','from':'/a/b','path':'/c'}] | {'a':{},'c':1}",
        "{'a':[1,2,3]} | [{'op':'move','from':'/a/0','path':'/a/2'}] | {'a':[2,3,1]}",
        "{'a':[1,{'x':1}]} | [{'op':'copy','from':'/a/1','path':'/b'}] | {'a':[1,{'x':1}],'b':{'x':1}}",
        "{'a':[1,2]} | [{'op':'replace','path':'/a/0','value':null}] | {'a':[null,2]}",
        "{'a':1} | [{'op':'replace','path':'/new','value':5}] | {'a':1,'new':5}",
        "{'a':1} | [{'op':'test','path':'/gone','value':null}] | {'a':1}",
        "{'a':1} | [{'op':'test','path':'/a','value':1.0}] | {'a':1}",
        "{'a':{'x':1,'y':2}} | [{'op':'test','path':'/a','value':{'y':2,'x':1}}] | {'a':{'x':1,'y':2}}",
      })
  void shouldApply(String document, String patch, String result) throws Exception {
    ObjectNode before = (ObjectNode) tree(document.replace('\'', '"'));
    ObjectNode copy = before.deepCopy();
    assertThat(JsonPatch.apply(before, tree(patch.replace('\'', '"'))))
        .isEqualTo(tree(result.replace('\'', '"')));
    assertThat(before).isEqualTo(copy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{'op':'remove','path':'/gone'}]",
        "[{'op':'remove','path':'/a/01'}]",
        "[{'op':'remove','path':'/a/2'}]",
        "[{'op':'add','path':'/a/3','value':1}]",
        "[{'op':'add','path':'/a/-1','value':1}]",
        "[{'op':'add','path':'/a/1e0','value':1}]",
        "[{'op':'add','path':'/gone/x','value':1}]",
        "[{'op':'add','path':'/b'}]",
        "[{'op':'add','path':'a','value':1}]",
        "[{'op':'add','value':1}]",
        "[{'op':'replace','path':'/a/2','value':1}]",
        "[{'op':'test','path':'/a','value':[1]}]",
        "[{'op':'test','path':'/s','value':1}]",
        "[{'op':'copy','from':'/gone','path':'/b'}]",
        "[{'op':'move','from':'/o','path':'/o/x'}]",
        "[{'op':'spam','path':'/a','value':1}]",
        "[{'op':'add','path':'','value':[1]}]",
      })
  void shouldRefuseWhatDoesNotFit(String patch) throws Exception {
    ObjectNode document = (ObjectNode) tree("{\"a\":[1,2],\"s\":\"1\",\"o\":{}}");
    JsonNode bad = tree(patch.replace('\'', '"'));
    assertThatThrownBy(() -> JsonPatch.apply(document, bad))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().code()).isEqualTo(422));
  }

  @Test
  void shouldBoundItsWork() throws Exception {
    ArrayNode many = Json.array();
    for (int i = 0; i < 10_001; i++) {
      many.addObject().put("op", "add").put("path", "/a").put("value", 1);
    }
    assertThatThrownBy(() -> JsonPatch.apply(Json.object(), many))
        .hasMessageContaining("operations in a JSON patch is 10000, got 10001");
    ArrayNode doubling = Json.array();
    for (int i = 0; i < 64; i++) {
      doubling.addObject().put("op", "copy").put("from", "/a").put("path", "/a/x" + i);
    }
    ObjectNode document = (ObjectNode) tree("{\"a\":{\"b\":{\"c\":\"0123456789\"}}}");
    assertThatThrownBy(() -> JsonPatch.apply(document, doubling))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> JsonPatch.apply(document, Json.object()))
        .hasMessage(
            "error decoding patch: json: cannot unmarshal object into Go value of type"
                + " []handlers.jsonPatchOp");
  }

  @Test
  void shouldMergeAsRfc7386Says() throws Exception {
    ObjectNode document = (ObjectNode) tree("{\"a\":\"b\",\"c\":{\"d\":1,\"e\":2},\"l\":[1]}");
    JsonNode patch = tree("{\"a\":null,\"c\":{\"d\":null,\"f\":3},\"l\":[2],\"n\":{\"x\":null}}");
    assertThat(JsonMergePatch.apply(document, patch))
        .isEqualTo(tree("{\"c\":{\"e\":2,\"f\":3},\"l\":[2],\"n\":{}}"));
    assertThatThrownBy(() -> JsonMergePatch.apply(document, Json.array()))
        .hasMessage("Invalid JSON Patch");
  }
}
