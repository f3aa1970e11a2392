import type { Loop } from "./language.js";

const loop = (name: string, code: string): Loop => ({ name, code });
/** A loop whose turn is this statement. */
const turn = (name: string, statement: string, before = ""): Loop =>
  loop(name, `${before}\nwhile True:\n    turns += 1\n    ${statement.replaceAll("\n", "\n    ")}`);

const COUNT = "def count():\n    global turns\n    turns += 1\n    return turns";

const synchronous: readonly Loop[] = [
  loop("empty", "while True: pass"),
  turn("counting", "pass"),
  turn("printing", 'print("line", turns)'),
  turn("printing to stderr", 'print("line", turns, file=sys.stderr)'),
  turn("printing in turn", 'print("out", turns)\nprint("err", turns, file=sys.stderr)'),
  turn("writing to stdout", 'sys.stdout.write("some text\\n" * 20)'),
  turn("allocating", "held.append([turns] * 100)\nif len(held) > 10_000: held.clear()"),
  turn("joining texts", 'text += "some text"\nif len(text) > 1e6: text = ""', 'text = ""'),
  turn("JSON", 'json.loads(json.dumps({"turns": turns}))', "import json"),
  turn("a regular expression", 're.match("^(a+)+$", "a" * 18 + "b")', "import re"),
  turn("sorting", "sorted([5, 3, 8, 1, 9], key=lambda each: -each)"),
  loop(
    "a sort that never ends",
    `${COUNT}\ndef key(each):\n    while True: count()\nsorted([2, 1], key=key)`,
  ),
  loop("forEach", `${COUNT}\ndef forever(each):\n    while True: count()\nlist(map(forever, [1]))`),
  turn(
    "a proxy",
    "proxy.some",
    `${COUNT}\nclass Proxy:\n    def __getattr__(self, name): return count()\nproxy = Proxy()`,
  ),
  turn(
    "a getter",
    "thing.some",
    `${COUNT}\nclass Thing:\n    @property\n    def some(self): return count()\nthing = Thing()`,
  ),
  loop("a generator", "def forever():\n    while True: yield 1\nfor each in forever(): turns += each"),
  turn(
    "deep recursion",
    "try: deeper()\nexcept RecursionError as error: held = [error]",
    "def deeper(): return deeper() + 1",
  ),
  turn("try and catch", "try: raise ValueError(turns)\nexcept ValueError: turns += 1"),
  turn("try and finally", "try: turns += 1\nfinally: turns += 1"),
  turn("replacing", 're.sub("b", lambda match: str(turns), "abcabc")', "import re"),
  turn("a map that grows", "table[turns] = turns\nif len(table) > 1e5: table.clear()", "table = {}"),
  turn("big integers", "big = (big * 3 + 1) % 2 ** 512", "big = 1"),
  turn("typed arrays", 'array.array("d", [0]) * 10_000', "import array"),
  turn("constructing", "Some()", "class Some: pass"),
  turn("new Function", 'eval("1")'),
  turn("coercion", "str(turns)"),
  turn("reading a file", "open(scratch).read()", 'open(scratch, "w").write("some")'),
  turn("appending to a file", 'with open(scratch, "a") as file: file.write("x")'),
  turn("a program", 'subprocess.run(["true"])'),
  loop("a program that sleeps", 'subprocess.run(["sleep", "600"])'),
  turn("hashing", "hashlib.sha256(str(turns).encode()).hexdigest()", "import hashlib"),
  turn("compressing", 'gzip.compress(b"some text" * 1000)', "import gzip"),
  turn("another context", 'exec("1 + 1", {})'),
];

const awaited: readonly Loop[] = [
  turn("awaited timer", "await asyncio.sleep(0.001)"),
  turn("awaited immediate", "await asyncio.sleep(0)"),
  turn("awaited Promise.all", "await asyncio.gather(asyncio.sleep(0.001), asyncio.sleep(0))"),
  turn(
    "awaited readFile",
    "await asyncio.to_thread(lambda: open(scratch).read())",
    'open(scratch, "w").write("some")',
  ),
  turn("awaited appendFile", 'await asyncio.to_thread(lambda: open(scratch, "a").write("x"))'),
  turn(
    "awaited fetch",
    "await asyncio.to_thread(lambda: urllib.request.urlopen(server).read())",
    "import urllib.request",
  ),
  turn(
    "awaited socket",
    'writer.write(b"x")\nawait reader.readexactly(1)',
    'async def echo(reader, writer):\n    while data := await reader.read(10): writer.write(data)\nlistening = await asyncio.start_server(echo, "127.0.0.1", 0)\nreader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())',
  ),
  turn("awaited execFile", 'process = await asyncio.create_subprocess_exec("true")\nawait process.wait()'),
  loop(
    "awaited execFile that sleeps",
    'process = await asyncio.create_subprocess_exec("sleep", "600")\nawait process.wait()',
  ),
  loop(
    "for await of a child's output",
    'process = await asyncio.create_subprocess_exec("yes", stdout=subprocess.PIPE)\nwhile await process.stdout.readline(): turns += 1',
  ),
  loop(
    "for await of an async generator",
    "async def forever():\n    while True:\n        await asyncio.sleep(0)\n        yield 1\nasync for each in forever(): turns += each",
  ),
  turn("awaited worker", "await asyncio.to_thread(time.sleep, 0.001)"),
  turn("awaited printing", 'print("line", turns)\nawait asyncio.sleep(0)'),
  loop(
    "two loops at once",
    `${COUNT}\nasync def forever():\n    while True:\n        count()\n        await asyncio.sleep(0.001)\nawait asyncio.gather(forever(), forever())`,
  ),
];

const shown: readonly Loop[] = [
  loop(
    "a result that never shows",
    `${COUNT}\nclass Looping:\n    def __repr__(self):\n        while True: count()\nLooping()`,
  ),
  {
    name: "an error whose message loops",
    code: `${COUNT}\nclass Looping(Exception):\n    def __str__(self):\n        while True: count()\nraise Looping()`,
    throws: true,
  },
];

/** Loops in Python, with the names of those in TypeScript that do the same. */
export const pythonLoops: readonly Loop[] = [...synchronous, ...awaited, ...shown];
