# Built by `rnnlab setup` beside tfjs-node's binding. -Dtensorflow= names a folder with TensorFlow's lib/ and include/.
{
  "target_defaults": {
    "cflags!": ["-O2"],
    # The loops of the optimisers are vectors only if a root need not report a negative number.
    "cflags_cc": ["-std=c++17", "-O3", "-fno-math-errno", "-fexceptions", "-Wall", "-Wextra"],
    "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20"],
  },
  "targets": [
    {
      "target_name": "rnnlab_native",
      "sources": [
        "addon.cc", "ops.cc", "recurrent-op.cc", "optimizer-op.cc", "row-gradient-op.cc", "registration.cc",
        "context.cc", "memory.cc", "sequences.cc", "instructions.cc", "threads.cc", "plain.cc",
      ],
      "include_dirs": ["<(tensorflow)/include"],
      # The library is found by its name: tfjs-node has loaded it before.
      "libraries": ["-L<(tensorflow)/lib", "-ltensorflow", "-ltensorflow_framework"],
      "conditions": [["target_arch=='x64'", {"dependencies": ["avx2", "avx512"]}]],
    },
  ],
  "conditions": [
    ["target_arch=='x64'", {
      "targets": [
        {
          "target_name": "avx2",
          "type": "static_library",
          "sources": ["avx2.cc"],
          "cflags_cc": ["-mavx2", "-mfma"],
        },
        {
          "target_name": "avx512",
          "type": "static_library",
          "sources": ["avx512.cc"],
          "cflags_cc": ["-mavx2", "-mfma", "-mavx512f"],
        },
      ],
    }],
  ],
}
