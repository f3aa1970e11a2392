import type { Platform } from "./platform.js";

/** A wheel of TensorFlow on the Python package index: only its C library and headers are used. */
export interface Wheel {
  readonly package: "tensorflow" | "tensorflow-cpu";
  readonly version: string;
  /** Which of the package's wheels, as `pip download --platform` names it. */
  readonly tag: string;
  readonly sha256: string;
  /** What is downloaded, in MB. */
  readonly megabytes: number;
  /** What becomes the content of `lib/`: a file's path in the wheel, and the names that it gets. The others link to the first. */
  readonly library: Readonly<Record<string, readonly [string, ...string[]]>>;
  /** The library of Python that belongs there too: it is taken from the Python of set-up. */
  readonly pythonLibrary?: string;
}

/** A file of the wheel that keeps its name, with names to link against. */
const under = (path: string, ...links: string[]): Wheel["library"] => ({
  [path]: [path.slice(path.lastIndexOf("/") + 1), ...links],
});

const ELF_LIBRARY: Wheel["library"] = {
  ...under("tensorflow/libtensorflow_cc.so.2", "libtensorflow.so", "libtensorflow.so.2"),
  ...under("tensorflow/libtensorflow_framework.so.2", "libtensorflow_framework.so"),
};

const MACH_O_LIBRARY: Wheel["library"] = {
  ...under("tensorflow/libtensorflow_cc.2.dylib", "libtensorflow.dylib", "libtensorflow.2.dylib"),
  ...under("tensorflow/libtensorflow_framework.2.dylib", "libtensorflow_framework.dylib"),
};

/** The pinned wheels. Any Python version's wheel has the same library, except on Windows. */
const WHEELS: Readonly<Partial<Record<Platform, Wheel>>> = {
  "linux-x64": {
    package: "tensorflow-cpu",
    version: "2.18.1",
    tag: "manylinux2014_x86_64",
    sha256: "810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298",
    megabytes: 230,
    library: ELF_LIBRARY,
  },
  "linux-arm64": {
    package: "tensorflow",
    version: "2.18.1",
    tag: "manylinux2014_aarch64",
    sha256: "8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944",
    megabytes: 232,
    // The library looks for OpenMP beside itself, too.
    library: { ...ELF_LIBRARY, ...under("tensorflow.libs/libomp-6196b3b5.so.5") },
  },
  "darwin-arm64": {
    package: "tensorflow",
    version: "2.18.1",
    tag: "macosx_12_0_arm64",
    sha256: "661029cd769b311db910b79a3a6ef50a5a61ecc947172228c777a49989722508",
    megabytes: 240,
    library: MACH_O_LIBRARY,
  },
  // The last one for Macs with Intel's processors.
  "darwin-x64": {
    package: "tensorflow",
    version: "2.16.2",
    tag: "macosx_10_15_x86_64",
    sha256: "ec06570d57bfa0e2be804405e3cdc2960e94887e7619ffb6bc053e9775b695aa",
    megabytes: 260,
    library: MACH_O_LIBRARY,
  },
  // Here the library is a module of Python, which exports the C functions and needs that Python's library beside it.
  "win32-x64": {
    package: "tensorflow-cpu",
    version: "2.18.1",
    tag: "win_amd64",
    sha256: "d4a0a78fe265376f38a58253389eb026b963c6865123ddb23c5ebb7e12d07ece",
    megabytes: 369,
    library: {
      ...under("tensorflow/python/_pywrap_tensorflow_internal.pyd"),
      "tensorflow/python/_pywrap_tensorflow_internal.lib": ["tensorflow.lib", "tensorflow_framework.lib"],
    },
    pythonLibrary: "python311.dll",
  },
};

/** The Python version whose wheels are taken. */
export const WHEEL_PYTHON = "3.11";

/**
 * The wheel from which set-up takes TensorFlow's library.
 *
 * @param platform - what it is to run on
 * @returns the wheel, or undefined where only tfjs-node's own installer serves
 */
export function wheelFor(platform: Platform): Wheel | undefined {
  return WHEELS[platform];
}

/**
 * The cache entry of the unpacked library.
 *
 * @param from - the wheel
 * @returns the entry's name
 */
export const libraryEntry = (from: Wheel): string =>
  `libtensorflow-${from.version}-${from.sha256.slice(0, 12)}`;
