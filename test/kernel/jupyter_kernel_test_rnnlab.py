"""Jupyter's own test-suite for kernels, with samples in TypeScript and in plain JavaScript.

The argument is the kernelspec to be tested: rnnlab or rnnlab-javascript. Prints one line of JSON for each test: {"name", "outcome", "message"}, outcome one of passed, failed, skipped.
"""

import functools
import json
import sys
import unittest

import jupyter_kernel_test

HOST = 'Reflect.get(globalThis, Symbol.for("rnnlab.displayHost"))'


def yellow(number):
    """A number inside an object, in the colour of Node's inspect."""
    return f"\x1b[33m{number}\x1b[39m"


class RnnlabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "rnnlab"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("to the error stream")'
    code_generate_error = 'throw new Error("as asked")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2, 3].map((x) => x * 2)", "result": f"[ {yellow(2)}, {yellow(4)}, {yellow(6)} ]"},
        {"code": "const answer: number = 41;\nanswer + 1", "result": "42"},
        {"code": '"text"', "result": "'text'"},
        {"code": "await Promise.resolve(null)", "result": "null"},
        {
            "code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>" }) })',
            "mime": "text/html",
            "result": "<b>1</b>",
        },
    ]
    code_display_data = [
        {"code": HOST + '.publish({ data: { "text/html": "<b>shown</b>" } })', "mime": "text/html"},
        {"code": HOST + '.publish({ data: { "image/svg+xml": "<svg/>" } })', "mime": "image/svg+xml"},
        {"code": HOST + '.publish({ data: { "application/json": { a: [1] } } })', "mime": "application/json"},
    ]
    code_clear_output = HOST + ".clear()"
    code_page_something = "parseInt?"

    completion_samples = [
        {"text": "Math.flo", "matches": {"floor"}},
        {"text": "console.gr", "matches": {"group", "groupCollapsed", "groupEnd"}},
        {"text": "const text = 'a'; text.toUpperC", "matches": {"toUpperCase"}},
        {"text": "zzzNothing", "matches": set()},
    ]
    complete_code_samples = [
        "1 + 1",
        "const a = 1;",
        "function f() {\n  return 1;\n}",
        "await f()",
        "// comment",
    ]
    incomplete_code_samples = ["function f() {", "const a = [1,", "`open", "if (true) {\n  1", "f(1,"]
    invalid_code_samples = ["const = 1", ")", "let 1a = 2", "a b c"]

    code_history_pattern = "6*7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"


class JavaScriptKernelTests(RnnlabKernelTests):
    kernel_name = "rnnlab-javascript"
    language_name = "javascript"
    file_extension = ".js"

    code_generate_error = "missing.property"
    code_execute_result = [
        *(sample for sample in RnnlabKernelTests.code_execute_result if ": number" not in sample["code"]),
        {"code": "total = 41;\nwith (Math) total = max(total, 1) + 1", "result": "42"},
        {"code": "for (var i = 0; i < 3; i++) i * 21", "result": "42"},
        {"code": "function twice(n) { return 2 * n }\n$$.sendResult(twice(21))", "result": "42"},
        {
            "code": "$$.async(); setTimeout(() => $$.html('<b>late</b>'), 1)",
            "mime": "text/html",
            "result": "<b>late</b>",
        },
    ]
    code_display_data = [
        *RnnlabKernelTests.code_display_data,
        {"code": "$$.display().html('<b>shown</b>'); undefined", "mime": "text/html"},
    ]
    code_clear_output = "$$.clear()"

    completion_samples = [
        *RnnlabKernelTests.completion_samples,
        {"text": "$$.sendR", "matches": {"sendResult"}},
    ]
    complete_code_samples = [
        *RnnlabKernelTests.complete_code_samples,
        "010 + 1",
        "with (Math) PI",
        "<!-- a comment",
    ]
    incomplete_code_samples = [*RnnlabKernelTests.incomplete_code_samples, "with (Math) {"]


class RnnlabIopubWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "rnnlab"
    support_iopub_welcome = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The suite waits for the message without end.
        cls.kc.get_iopub_msg = functools.partial(cls.kc.get_iopub_msg, timeout=jupyter_kernel_test.TIMEOUT)


class JavaScriptIopubWelcomeTests(RnnlabIopubWelcomeTests):
    kernel_name = "rnnlab-javascript"


class JsonLines(unittest.TestResult):
    """Prints each test's outcome when it ends; failed subtests belong to their test."""

    def startTest(self, test):
        super().startTest(test)
        self._problems = []
        self._reasons = []

    def _note(self, kind, test, err):
        self._problems.append(f"{kind} in {test}:\n{self._exc_info_to_string(err, test)}")

    def addError(self, test, err):
        if not hasattr(self, "_problems"):  # raised while a class was set up
            print(
                json.dumps(
                    {"name": str(test), "outcome": "failed", "message": self._exc_info_to_string(err, test)}
                )
            )
            return
        self._note("error", test, err)

    def addFailure(self, test, err):
        self._note("failure", test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._note("failure", subtest, err)

    def addSkip(self, test, reason):
        self._reasons.append(f"{test}: {reason}")

    def stopTest(self, test):
        super().stopTest(test)
        outcome = "failed" if self._problems else "skipped" if self._reasons else "passed"
        message = "\n".join(self._problems or self._reasons)
        print(
            json.dumps({"name": test.id().split(".")[-1], "outcome": outcome, "message": message}), flush=True
        )


if __name__ == "__main__":
    cases = {
        "rnnlab": (RnnlabKernelTests, RnnlabIopubWelcomeTests),
        "rnnlab-javascript": (JavaScriptKernelTests, JavaScriptIopubWelcomeTests),
    }[sys.argv[1]]
    loader = unittest.defaultTestLoader
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)
    suite.run(JsonLines())
    sys.stdout.flush()
