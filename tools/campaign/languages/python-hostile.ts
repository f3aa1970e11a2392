import type { Hostile } from "./language.js";

const builtins = (
  "print len str repr int float list dict set tuple type isinstance issubclass getattr setattr hasattr iter next range " +
  "map filter zip sorted min max sum abs any all open compile exec eval __import__ __build_class__ super property " +
  "staticmethod classmethod object Exception BaseException KeyboardInterrupt ValueError id hash callable vars dir format"
).split(" ");

const members = (
  "sys.stdout sys.stderr sys.displayhook sys.excepthook sys.modules sys.path json.dumps json.loads asyncio.sleep " +
  "asyncio.get_event_loop asyncio.Future threading.Thread threading.Lock time.time time.monotonic os.getpid os.kill " +
  "traceback.format_exception traceback.print_exc logging.Logger.warning hmac.new uuid.uuid4 inspect.isawaitable ast.parse"
).split(" ");

const breakages: Readonly<Record<string, string>> = {
  undefined: "None",
  "what throws": "lambda *args, **options: 1 / 0",
  "what gives nothing": "lambda *args, **options: None",
};

/** Cells that break what code of the kernel could rely on. */
export const pythonHostile: readonly Hostile[] = Object.entries(breakages).flatMap(([name, value]) => [
  ...builtins.map((builtin) => ({
    kind: `a member becomes ${name}`,
    label: `${builtin} becomes ${name}`,
    code: `import builtins\nbuiltins.${builtin} = ${value}`,
  })),
  ...members.map((member) => ({
    kind: `a member becomes ${name}`,
    label: `${member} becomes ${name}`,
    code: `import ${member.split(".")[0]}\n${member} = ${value}`,
  })),
]);
