"""Drives the installed kernel with jupyter_client as Jupyter's own programs do; prints what happened as JSON."""

import json

from jupyter_client.manager import start_new_kernel

seen = {}
manager, client = start_new_kernel(kernel_name="rnnlab", startup_timeout=60)
try:
    outputs = []
    reply = client.execute_interactive(
        'console.log("printed"); 6 * 7', timeout=30, output_hook=lambda message: outputs.append(message)
    )
    seen["executed"] = reply["content"]["status"]
    seen["outputs"] = [message["msg_type"] for message in outputs if message["msg_type"] != "status"]
    client.execute_interactive("var state = 5; undefined", timeout=30, output_hook=lambda message: None)

    message_id = client.execute('console.log("started"); while (true) {}')
    while True:
        message = client.get_iopub_msg(timeout=30)
        if message["msg_type"] == "stream" and message["parent_header"]["msg_id"] == message_id:
            break
    manager.interrupt_kernel()
    while True:
        reply = client.get_shell_msg(timeout=30)
        if reply["parent_header"]["msg_id"] == message_id:
            break
    seen["interrupted"] = reply["content"]["ename"]
    reply = client.execute("state + 1", reply=True, timeout=30, user_expressions={"state": "state"})
    seen["kept"] = reply["content"]["user_expressions"]["state"]["data"]["text/plain"]

    process = manager.provisioner.pid
    manager.restart_kernel(now=False)
    client.wait_for_ready(timeout=60)
    seen["another process"] = manager.provisioner.pid != process
    reply = client.execute(
        'typeof Reflect.get(globalThis, "state")', reply=True, timeout=30, user_expressions={"two": "1 + 1"}
    )
    seen["after restart"] = reply["content"]["user_expressions"]["two"]["data"]["text/plain"]

    seen["heart beats"] = client.is_alive()
    manager.shutdown_kernel(now=False)
    seen["ended"] = not manager.is_alive()
finally:
    client.stop_channels()
    if manager.is_alive():
        manager.shutdown_kernel(now=True)
print(json.dumps(seen))
