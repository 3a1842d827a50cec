package io.gpuctl.cli.chaos.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PastAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':1}            | {'a':1}             | true",
                "{'a':1}            | {'a':1,'b':2}       | true",
                "{'a':1}            | {'a':2}             | false",
                "{'a':1}            | {'b':1}             | false",
                "{'a':[1]}          | {'a':[1,2]}         | true",
                "{'a':[1,2]}        | {'a':[1]}           | false",
                "{'a':[1,2]}        | {'a':[2,1]}         | false",
                "{'a':[{'b':1}]}    | {'a':[{'b':1,'c':2}]} | true",
                "{'a':{'b':1}}      | {'a':[]}            | false",
                "{'a':[]}           | {'a':{}}            | false",
                "{'a':1}            | null                | false",
            })
    void whatWasSaidBeforeIsSaidNow(String before, String now, boolean isKept) throws JsonProcessingException {
        assertThat(PastAnswers.isKept(JSON.readTree(json(before)), JSON.readTree(json(now))))
                .isEqualTo(isKept);
    }

    private static String json(String withSingleQuotes) {
        return withSingleQuotes.replace('\'', '"');
    }
}
