"""Debugs cells with an installed kernel as JupyterLab does; prints the shape of every reply and event as JSON.

Its arguments are the name of the kernel, and a JSON object with a definition, a cell that is stopped in its second line,
a cell that never ends, and two expressions: one to evaluate there and one that a variable is set to. The kernel is
restarted while the second cell is stopped.
"""

import json
import sys

from ipykernel.compiler import murmur2_x86
from ipykernel.debugger import Debugger
from jupyter_client.manager import start_new_kernel

WAIT = 60
JUPYTERLAB = {
    "clientID": "jupyterlab",
    "clientName": "JupyterLab",
    "adapterID": "",
    "pathFormat": "path",
    "linesStartAt1": True,
    "columnsStartAt1": True,
    "supportsVariableType": True,
    "supportsVariablePaging": True,
    "supportsRunInTerminalRequest": True,
    "locale": "en",
}
kernel_name, cells = sys.argv[1], json.loads(sys.argv[2])
manager, client = start_new_kernel(kernel_name=kernel_name, startup_timeout=WAIT)
events = []
replies = {}
sequence = 0


def shape(value):
    """What a value is, without what it says."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, bool):
        return "boolean"
    return {int: "number", float: "number", str: "string", type(None): "null"}[type(value)]


def ask(command, **arguments):
    """Sends a request and waits for its reply."""
    global sequence
    content = {"type": "request", "seq": sequence, "command": command, "arguments": arguments}
    sequence += 1
    message = client.session.msg("debug_request", content)
    client.control_channel.send(message)
    while True:
        reply = client.get_control_msg(timeout=WAIT)
        if reply["parent_header"]["msg_id"] == message["header"]["msg_id"]:
            break
    content = reply["content"]
    replies[command] = {"success": content.get("success", True), "body": shape(content.get("body", {}))}
    return content.get("body", {})


def wait_for(event):
    """Waits until the kernel tells of something."""
    while True:
        message = client.get_iopub_msg(timeout=WAIT)
        if message["msg_type"] == "debug_event" and message["content"]["event"] == event:
            events.append(shape(message["content"]))
            return


def wait_for_output():
    """Waits until a cell has printed something."""
    while client.get_iopub_msg(timeout=WAIT)["msg_type"] != "stream":
        pass


try:
    features = client.kernel_info(reply=True, timeout=WAIT)["content"]["supported_features"]
    client.execute_interactive(cells["definition"], timeout=WAIT, output_hook=lambda message: None)
    info = ask("debugInfo")
    ask("initialize", **JUPYTERLAB)
    ask("attach")
    code = cells["cell"]
    path = ask("dumpCell", code=code)["sourcePath"]
    hashed = murmur2_x86(code, info["hashSeed"])
    ask("setBreakpoints", source={"path": path}, breakpoints=[{"line": 2}], sourceModified=False)
    ask("setExceptionBreakpoints", filters=[])
    ask("configurationDone")
    running = client.execute(code)
    wait_for("stopped")
    ask("threads")
    frame = ask("stackTrace", threadId=1)["stackFrames"][0]
    scope = ask("scopes", frameId=frame["id"])["scopes"][0]
    variables = ask("variables", variablesReference=scope["variablesReference"])["variables"]
    ask("evaluate", expression=cells["evaluated"], frameId=frame["id"], context="repl")
    ask("source", source={"path": path})
    ask("richInspectVariables", variableName=cells["inspected"], frameId=frame["id"])
    ask("next", threadId=1)
    wait_for("stopped")
    ask("stepIn", threadId=1)
    wait_for("stopped")
    stopped = ask("debugInfo")["stoppedThreads"]
    frame = ask("stackTrace", threadId=1)["stackFrames"][0]
    scope = ask("scopes", frameId=frame["id"])["scopes"][0]
    reference = scope["variablesReference"]
    ask("setVariable", variablesReference=reference, name=cells["inspected"], value=cells["value"])
    ask(
        "copyToGlobals",
        srcVariableName=cells["inspected"],
        srcFrameId=frame["id"],
        dstVariableName="copied",
    )
    ask("continue", threadId=1)
    while client.get_shell_msg(timeout=WAIT)["parent_header"]["msg_id"] != running:
        pass
    ask("inspectVariables")
    ask("modules")
    ask("debugInfo")
    ask("disconnect", restart=False, terminateDebuggee=False)
    ask("initialize", **JUPYTERLAB)
    ask("attach")
    client.execute(cells["endless"])
    wait_for_output()
    ask("pause", threadId=1)
    wait_for("stopped")
    manager.restart_kernel()
    client.wait_for_ready(timeout=WAIT)
    restarted = client.execute_interactive(
        cells["definition"], timeout=WAIT, output_hook=lambda message: None
    )
    started_again = ask("debugInfo")["isStarted"]
    print(
        json.dumps(
            {
                "path": path == f"{info['tmpFilePrefix']}{hashed}{info['tmpFileSuffix']}",
                "stopped": stopped,
                "line": frame["line"],
                "names": [each["name"] for each in variables],
                "features": features,
                "metadata": manager.kernel_spec.metadata,
                "commands": Debugger.started_debug_msg_types + Debugger.static_debug_msg_types,
                "restarted": [restarted["content"]["status"], started_again],
                "events": events,
                "replies": replies,
            }
        )
    )
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
