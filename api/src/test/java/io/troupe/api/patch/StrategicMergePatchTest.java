package io.troupe.api.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.kinds.Schema.ListType;
import io.troupe.api.kinds.TestSchema;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergePatchTest {
  private static final Schema ITEM =
      TestSchema.object()
          .with("name", TestSchema.STRING)
          .with("value", TestSchema.INTEGER)
          .with("other", TestSchema.INTEGER);
  private static final Schema SCHEMA =
      TestSchema.object()
          .with("items", TestSchema.list(ITEM, ListType.MAP, "name"), "name", "merge")
          .with("words", TestSchema.list(TestSchema.STRING, ListType.SET), "", "merge")
          .with("plain", TestSchema.list(TestSchema.STRING, ListType.ATOMIC))
          .with("labels", TestSchema.map(TestSchema.STRING))
          .with("strategy", TestSchema.object().with("type", TestSchema.STRING), "", "retainKeys")
          .with("swapped", TestSchema.object().with("a", TestSchema.STRING), "", "replace");

  private static JsonNode tree(String text) throws Exception {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'items':[{'name':'a','value':1}]} | {'items':[{'name':'b','value':2}]}"
            + " | {'items':[{'name':'b','value':2},{'name':'a','value':1}]}",
        "{'items':[{'name':'a','value':1,'other':3}]} | {'items':[{'name':'a','value':2}]}"
            + " | {'items':[{'name':'a','value':2,'other':3}]}",
        "{'items':[{'name':'a'},{'name':'b'}]} | {'items':[{'name':'a','$patch':'delete'}]}"
            + " | {'items':[{'name':'b'}]}",
        "{'items':[{'name':'a'},{'name':'b'}]} | {'items':[{'$patch':'replace'},{'name':'c'}]}"
            + " | {'items':[{'name':'c'}]}",
        "{'items':[{'name':'a'},{'name':'b'},{'name':'c'}]} |"
            + " {'$setElementOrder/items':[{'name':'c'},{'name':'a'}],'items':[{'name':'c','value':1}]}"
            + " | {'items':[{'name':'b'},{'name':'c','value':1},{'name':'a'}]}",
        "{'words':['a','b']} | {'words':['c','a']} | {'words':['c','a','b']}",
        "{'words':['a','b']} | {'$deleteFromPrimitiveList/words':['a']} | {'words':['b']}",
        "{'words':['a','b','x']} |"
            + " {'$setElementOrder/words':['b','a'],'$deleteFromPrimitiveList/words':['x']}"
            + " | {'words':['b','a']}",
        "{'plain':['a','b']} | {'plain':['c']} | {'plain':['c']}",
        "{'labels':{'a':'1','b':'2'}} | {'labels':{'a':null,'c':'3'}} | {'labels':{'b':'2','c':'3'}}",
        "{'labels':{'a':'1'}} | {'labels':{'$patch':'replace','z':'1'}} | {'labels':{'z':'1'}}",
        "{'labels':{'a':'1'}} | {'labels':{'$patch':'delete'}} | {'labels':{}}",
        "{'strategy':{'type':'R','rolling':{}}} | {'strategy':{'$retainKeys':['type'],'type':'X'}}"
            + " | {'strategy':{'type':'X'}}",
        "{'swapped':{'a':'1','b':'2'}} | {'swapped':{'a':'3'}} | {'swapped':{'a':'3'}}",
        "{} | {'items':[{'name':'a','value':null},{'name':'b','$patch':'delete'}],'plain':null}"
            + " | {'items':[{'name':'a'}]}",
        "{'unknown':{'a':{'b':1}}} | {'unknown':{'a':{'c':2}}} | {'unknown':{'a':{'b':1,'c':2}}}",
      })
  void shouldMerge(String document, String patch, String result) throws Exception {
    ObjectNode before = (ObjectNode) tree(document);
    JsonNode change = tree(patch);
    ObjectNode copy = before.deepCopy();
    JsonNode changeCopy = change.deepCopy();
    assertThat(StrategicMergePatch.apply(before, change, SCHEMA)).isEqualTo(tree(result));
    assertThat(before).isEqualTo(copy);
    assertThat(change).isEqualTo(changeCopy);
  }

  @Test
  void shouldRefuseWithTheWordsOfUpstream() throws Exception {
    ObjectNode document = (ObjectNode) tree("{'items':[{'name':'a'}],'strategy':{'type':'R'}}");
    refuses(
        document,
        "{'items':[{'value':1}]}",
        500,
        "map: map[value:1] does not contain declared merge key: name");
    refuses(
        document,
        "{'strategy':{'$retainKeys':['x'],'type':'y'}}",
        400,
        "invalid patch format of retainKeys");
    refuses(document, "{'$patch':'nonsense'}", 500, "unknown patch type: nonsense in map: map[]");
    refuses(
        document,
        "{'$setElementOrder/items':[{'name':'b'}],'items':[{'name':'c'}]}",
        500,
        """
        The order in patch list:
        [map[name:c]]
         doesn't match $setElementOrder list:
        [map[name:b]]
        """);
  }

  private static void refuses(ObjectNode document, String patch, int code, String message)
      throws Exception {
    JsonNode bad = tree(patch);
    assertThatThrownBy(() -> StrategicMergePatch.apply(document, bad, SCHEMA))
        .hasMessage(message)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().code()).isEqualTo(code));
  }
}
