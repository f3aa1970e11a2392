import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { SetupError } from "../../setup/setup-error.js";
import { prepareVenv } from "../../setup/venv.js";
import { temporaryFolder, writeScript } from "./temporary.js";

/** A Python that only notes what it is asked to do; `pip` and `venv` say how those end. */
function project(context: TestContext, { pip = "exit 0", venv = "exit 0" } = {}) {
  const root = temporaryFolder(context);
  const bin = join(root, "bin");
  mkdirSync(bin);
  const log = join(root, "log");
  const python = writeScript(
    join(bin, "python3"),
    `echo "$*" >> ${log}
     case "$*" in
       *"sys.executable"*) printf "${join(bin, "python3")}\\n3.11.7\\n";;
       *"jupyterlab"*) echo "3.11.7 4.6.6";;
       "-m venv "*) mkdir -p "$3/bin" && cp ${join(bin, "python3")} "$3/bin/python"; ${venv};;
       *"pip install"*) echo "pip runs"; ${pip};;
     esac`,
  );
  const requirements = join(root, "requirements.txt");
  writeFileSync(requirements, "jupyterlab==4.6.6\n");
  const env = { PATH: `${bin}:/usr/bin:/bin` };
  const calls = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
  const notes: string[] = [];
  return {
    root,
    bin,
    python,
    requirements,
    env,
    calls,
    notes,
    prepare: () => prepareVenv(root, requirements, (line) => notes.push(line), env),
  };
}

const described = (root: string) => `Python 3.11.7 with JupyterLab 4.6.6 in ${join(root, ".venv")}`;

test("prepareVenv() makes the environment once and then finds it without starting Python", async (context) => {
  const { prepare, calls, root } = project(context);
  assert.equal(await prepare(), described(root));
  const before = calls().length;
  assert.equal(await prepare(), described(root));
  assert.equal(calls().length, before);
  assert.equal(existsSync(join(root, ".venv", "rnnlab-incomplete.txt")), false);
});

test("prepareVenv() says how big it is before it downloads anything", async (context) => {
  const { prepare, notes } = project(context, { pip: "exit 1" });
  await assert.rejects(prepare(), SetupError);
  assert.match(notes.join("\n"), /\ninstalling JupyterLab and nbconvert into .* \(340 MB on disk\)$/);
});

test("prepareVenv() makes the environment again when the requirements change", async (context) => {
  const { prepare, requirements, root } = project(context);
  await prepare();
  writeFileSync(join(root, ".venv", "old"), "");
  writeFileSync(requirements, "jupyterlab==4.6.7\n");
  await prepare();
  assert.equal(existsSync(join(root, ".venv", "old")), false);
});

test("prepareVenv() makes the environment again when the project was moved, as its programs name the old place", async (context) => {
  const { prepare, root } = project(context);
  await prepare();
  const marker = join(root, ".venv", "rnnlab-complete.json");
  writeFileSync(marker, readFileSync(marker, "utf8").replace(root, "/old/place"));
  writeFileSync(join(root, ".venv", "old"), "");
  await prepare();
  assert.equal(existsSync(join(root, ".venv", "old")), false);
});

test("prepareVenv() leaves no environment when the packages cannot be installed", async (context) => {
  const { prepare, root } = project(context, { pip: "echo 'No matching distribution' >&2; exit 1" });
  await assert.rejects(prepare(), (error: SetupError) => {
    assert.ok(error instanceof SetupError);
    assert.match(error.message, /^Cannot install the Python packages: /);
    assert.match(error.message, /pip install .*ended with 1\n.*pip runs\n.*No matching distribution/);
    assert.match(error.message, /repair: .*npx rnnlab setup/);
    return true;
  });
  assert.deepEqual(
    readdirSync(root).filter((name) => name.startsWith(".venv")),
    [],
  );
});

test("prepareVenv() says what to install where Python has no venv module", async (context) => {
  const { prepare, root } = project(context, { venv: "echo 'ensurepip is not available'; exit 1" });
  await assert.rejects(prepare(), /ensurepip is not available[\s\S]*repair: apt-get install python3-venv/);
  assert.deepEqual(
    readdirSync(root).filter((name) => name.startsWith(".venv")),
    [],
  );
});

test("prepareVenv() makes an environment again that an earlier set-up left incomplete", async (context) => {
  const { prepare, root } = project(context);
  mkdirSync(join(root, ".venv"));
  writeFileSync(join(root, ".venv", "rnnlab-incomplete.txt"), "");
  writeFileSync(join(root, ".venv", "half"), "");
  await prepare();
  assert.equal(existsSync(join(root, ".venv", "half")), false);
  assert.equal(existsSync(join(root, ".venv", "rnnlab-complete.json")), true);
});

test("prepareVenv() adds the packages to an environment that somebody else made, and never removes it", async (context) => {
  const { prepare, root, python } = project(context, { pip: "exit 1" });
  mkdirSync(join(root, ".venv", "bin"), { recursive: true });
  writeScript(join(root, ".venv", "bin", "python"), `exec ${python} "$@"`);
  writeFileSync(join(root, ".venv", "theirs"), "");
  await assert.rejects(prepare(), /Cannot install the Python packages/);
  assert.equal(existsSync(join(root, ".venv", "theirs")), true);
});

test("prepareVenv() runs once when two set-ups start at the same time", async (context) => {
  const { prepare, calls } = project(context);
  await Promise.all([prepare(), prepare()]);
  assert.equal(calls().filter((call) => call.startsWith("-m venv")).length, 1);
});

test("prepareVenv() uses uv where it is installed", async (context) => {
  const { prepare, calls, bin, root, python } = project(context);
  writeScript(
    join(bin, "uv"),
    `echo "uv $*" >> ${join(root, "log")}
     if [ "$1" = venv ]; then mkdir -p ${root}/.venv/bin && cp ${python} ${root}/.venv/bin/python; fi`,
  );
  await prepare();
  assert.ok(calls().some((call) => call.startsWith("uv venv ")));
  assert.ok(calls().some((call) => call.startsWith("uv pip install ")));
  assert.equal(
    calls().some((call) => call.includes("-m venv")),
    false,
  );
});

test("prepareVenv() makes an environment again whose note was cut off", async (context) => {
  const { prepare, calls, root } = project(context);
  await prepare();
  writeFileSync(join(root, ".venv", "rnnlab-complete.json"), "");
  assert.equal(await prepare(), described(root));
  assert.equal(calls().filter((call) => call.startsWith("-m venv")).length, 2);
});

test("prepareVenv() blames the network only where the installer gives no other reason", async (context) => {
  const cases = [
    ["ERROR: Ignored the following versions: 7.4.0 Requires-Python >=3.11", /repair: set RNNLAB_PYTHON /],
    ["ERROR: Could not install: [Errno 28] No space left on device", /repair: free 400 MB /],
    ["ERROR: Could not install: [Errno 13] Permission denied: x", /repair: let your user write /],
    ["WARNING: Retrying: Name or service not known", /repair: check the connection /],
  ] as const;
  for (const [said, repair] of cases) {
    const { prepare } = project(context, { pip: `echo '${said}' >&2; exit 1` });
    await assert.rejects(prepare(), repair);
  }
});
