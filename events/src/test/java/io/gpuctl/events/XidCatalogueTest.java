package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.Xid.Action;
import io.gpuctl.events.Xid.Advice;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XidCatalogueTest {
    @Test
    void eachNumberIsThereOnce() {
        assertThat(XidCatalogue.ALL)
                .extracting(Xid::number)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @ParameterizedTest
    @ValueSource(ints = {46, 62, 64, 95, 109, 110, 119, 120, 136, 140, 143, 155, 156, 158})
    void whatNeedsAResetDrainsTheNode(int number) {
        assertThat(XidCatalogue.of(number).advice()).isEqualTo(Advice.RESET_GPU);
        assertThat(XidCatalogue.of(number).action()).isEqualTo(Action.DRAIN_NODE);
    }

    @ParameterizedTest
    @ValueSource(ints = {144, 145, 146, 147, 148, 149, 150})
    void theLinksOfBlackwellHaveErrorsOfTheirOwn(int number) {
        assertThat(XidCatalogue.of(number).advice()).isEqualTo(Advice.WORKFLOW_NVLINK5_ERR);
        assertThat(XidCatalogue.of(number).action()).isEqualTo(Action.DRAIN_NODE);
    }

    @ParameterizedTest
    @CsvSource({
        "54, CHECK_MECHANICALS, CORDON_NODE",
        "78, UPDATE_SWFW, CORDON_NODE",
        "79, RESTART_BM, DRAIN_NODE",
        "122, CONTACT_SUPPORT, CORDON_NODE",
        "123, CONTACT_SUPPORT, CORDON_NODE",
        "151, RESTART_VM, DRAIN_NODE",
        "154, XID_154, CORDON_NODE",
        "58, CONTACT_SUPPORT, CORDON_NODE",
        "9999, CONTACT_SUPPORT, CORDON_NODE",
        "39, RESTART_APP, END_ATTEMPTS",
        "135, RESTART_APP, END_ATTEMPTS",
        "137, IGNORE, NOTE"
    })
    void goesByWhatNvidiaAdvises(int number, Advice advice, Action action) {
        assertThat(XidCatalogue.of(number).advice()).isEqualTo(advice);
        assertThat(XidCatalogue.of(number).action()).isEqualTo(action);
    }

    /**
     * The decisions in existing logs follow this edition and quote it: neither its actions nor its words may change.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "13  | END_ATTEMPTS | graphics engine exception: an illegal instruction or access",
                "31  | END_ATTEMPTS | GPU memory page fault: an invalid address",
                "32  | END_ATTEMPTS | invalid or corrupted push buffer stream",
                "43  | END_ATTEMPTS | GPU stopped processing: a program hit an error of its own, the GPU is healthy",
                "45  | END_ATTEMPTS | programs were removed because of an earlier error",
                "48  | DRAIN_NODE   | double bit ECC error: memory is corrupt",
                "62  | DRAIN_NODE   | the GPU's microcontroller halted",
                "63  | NOTE         | a memory row was remapped or a page retired",
                "64  | DRAIN_NODE   | a memory row could not be remapped",
                "69  | END_ATTEMPTS | graphics engine class error",
                "74  | DRAIN_NODE   | NVLink error",
                "79  | TAKE_GPU_OUT | GPU has fallen off the bus",
                "92  | NOTE         | high rate of single bit ECC errors",
                "94  | END_ATTEMPTS | contained ECC error: only the programs that touched the memory ended",
                "95  | DRAIN_NODE   | uncontained ECC error",
                "109 | DRAIN_NODE   | context switch timed out",
                "119 | DRAIN_NODE   | the GPU's system processor did not answer",
                "120 | DRAIN_NODE   | error of the GPU's system processor",
                "140 | DRAIN_NODE   | unrecovered ECC error",
            },
            quoteCharacter = '"')
    void theFirstEditionIsAsItWas(int number, Action action, String meaning) {
        Xid xid = XidCatalogue.of(number, XidCatalogue.FIRST_EDITION);

        assertThat(xid.action()).isEqualTo(action);
        assertThat(xid.meaning()).isEqualTo(meaning);
    }

    @Test
    void theFirstEditionKnewNoOthersAndNotedThem() {
        List<Integer> known = IntStream.rangeClosed(1, Xid.NUMBER_MAX)
                .filter(number -> !XidCatalogue.of(number, XidCatalogue.FIRST_EDITION)
                        .mnemonic()
                        .equals("UNKNOWN"))
                .boxed()
                .toList();

        assertThat(known).hasSize(19);
        assertThat(XidCatalogue.of(46, XidCatalogue.FIRST_EDITION).action()).isEqualTo(Action.NOTE);
    }
}
