# Built by `rnnlab setup` beside tfjs-node's binding. -Dtensorflow= names a folder with TensorFlow's lib/ and include/.
{
  "target_defaults": {
    "cflags!": ["-O2"],
    # The loops of the optimisers are vectors only if a root need not report a negative number.
    "cflags_cc": ["-std=c++17", "-O3", "-fno-math-errno", "-fexceptions", "-Wall", "-Wextra"],
    "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20"],
    "xcode_settings": {
      "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
      "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
      "GCC_OPTIMIZATION_LEVEL": "3",
      "MACOSX_DEPLOYMENT_TARGET": "12.0",
      "OTHER_CPLUSPLUSFLAGS": ["-fno-math-errno"],
    },
    # Vectors are an extension of gcc and clang: Visual Studio's own compiler has none.
    "msbuild_toolset": "ClangCL",
    "msvs_settings": {
      "VCCLCompilerTool": {
        "ExceptionHandling": 1,
        "AdditionalOptions": ["/std:c++17", "/O2", "/clang:-fno-math-errno"],
      },
    },
  },
  "targets": [
    {
      "target_name": "rnnlab_native",
      "sources": [
        "addon.cc", "ops.cc", "recurrent-op.cc", "optimizer-op.cc", "row-gradient-op.cc", "registration.cc",
        "program-op.cc", "program.cc", "elementwise.cc", "arrangement.cc", "reduction.cc", "product.cc",
        "cross-entropy.cc",
        "context.cc", "memory.cc", "sequences.cc", "instructions.cc", "threads.cc", "processors.cc", "plain.cc",
      ],
      "include_dirs": ["<(tensorflow)/include"],
      "conditions": [
        ["target_arch=='x64'", {"dependencies": ["avx2", "avx512"]}],
        ["target_arch=='arm64'", {"sources": ["neon.cc"]}],
        # The library is found by its name: tfjs-node has loaded it before.
        ["OS=='linux'", {"libraries": ["-L<(tensorflow)/lib", "-ltensorflow", "-ltensorflow_framework"]}],
        # Here by its file, which is the one that tfjs-node has loaded.
        ["OS=='mac'", {
          "libraries": [
            "-L<(tensorflow)/lib", "-ltensorflow", "-ltensorflow_framework", "-Wl,-rpath,<(tensorflow)/lib",
          ],
        }],
        ["OS=='win'", {"libraries": ["<(tensorflow)/lib/tensorflow.lib"]}],
      ],
    },
  ],
  "conditions": [
    ["OS=='linux'", {"targets": [{"target_name": "rnnlab_loader", "sources": ["library-loader.cc"]}]}],
    ["target_arch=='x64'", {
      "targets": [
        {
          "target_name": "avx2",
          "type": "static_library",
          "sources": ["avx2.cc"],
          "cflags_cc": ["-mavx2", "-mfma"],
          "xcode_settings": {"OTHER_CPLUSPLUSFLAGS": ["-mavx2", "-mfma"]},
          "msvs_settings": {"VCCLCompilerTool": {"AdditionalOptions": ["/clang:-mavx2", "/clang:-mfma"]}},
        },
        {
          "target_name": "avx512",
          "type": "static_library",
          "sources": ["avx512.cc"],
          "cflags_cc": ["-mavx2", "-mfma", "-mavx512f"],
          "xcode_settings": {"OTHER_CPLUSPLUSFLAGS": ["-mavx2", "-mfma", "-mavx512f"]},
          "msvs_settings": {
            "VCCLCompilerTool": {"AdditionalOptions": ["/clang:-mavx2", "/clang:-mfma", "/clang:-mavx512f"]},
          },
        },
      ],
    }],
  ],
}
