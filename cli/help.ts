/** What `rnnlab --help` prints. A command begins after two spaces. */
const HELP = `Usage: rnnlab <command>

  setup                      prepare Python, TensorFlow and the kernel for this project
  setup --system [DIR]       the same for all users of the machine: what they share is in
                             DIR (default: /usr/local/share/rnnlab)
  setup --kernel-only        prepare the kernel alone: no Python, no TensorFlow
  setup --no-venv            use a Python that is there, with its Jupyter: it gets the
                             kernels, and no .venv is made
  setup --python PATH        the Python to use (default: RNNLAB_PYTHON, then python3)
  install [--user | --sys-prefix | --prefix DIR] [--name NAME] [--replace]
          [--env NAME=VALUE]… [--node-option=OPTION]…
                             let Jupyter and VS Code find the kernels of TypeScript and
                             JavaScript (default: --user). Another program's kernel of
                             that name stays, unless --replace is given. --env and
                             --node-option (as --node-option=--max-old-space-size=8192)
                             are what the kernels are started with
  uninstall [--user | --sys-prefix | --prefix DIR] [--name NAME]
                             take them away again
  doctor [--python PATH]     show every part with its version and what repairs it; --python
                             as it was given to setup --no-venv
  check NOTEBOOK|DIR… [--format text|json|github] [--json]
                             check the types of all cells as the kernel would, run nothing
  run NOTEBOOK… [-p NAME=VALUE]… [--parameters FILE] [--output FILE|DIR] [--html]
                [--timeout SECONDS] [--allow-errors] [--json]
                             run notebooks without Jupyter, show their cells live, and
                             write them with their outputs: to NAME.executed.ipynb,
                             unless --output says where. -p and --parameters (YAML or
                             JSON) set what the cell tagged "parameters" declares
  test NOTEBOOK|DIR… [--junit FILE] [--json] [--timeout SECONDS]
                             run notebooks and report the tests that they declare with
                             rnnlab/testing, and the cells tagged "test"
  export NOTEBOOK [--to ts] [--output FILE] [--json]
                             write a notebook as one TypeScript module, to be read or run
  sweep NOTEBOOK --vary NAME=VALUES… [-p NAME=VALUE]… [--metric NAME]
        [--samples N [--seed S] | --study FILE --samples N [--sampler NAME]
        [--direction minimize|maximize]] [--workers N | --dask ADDRESS | --ray ADDRESS]
        [--output DIR] [--timeout SECONDS] [--retries N] [--python PATH]
        [--notebooks] [--redo-failed] [--restart] [--yes] [--json]
                             run a notebook with many values of its parameters, here or
                             on the workers of Dask or Ray, and keep what each run reports.
                             VALUES are 0.1,0.01 or 0..9, and with --samples or --study
                             also 0.001..0.1:log. The same command again goes on
  format NOTEBOOK|DIR… [--check]
                             format the cells with the Biome or Prettier of the folder,
                             or else as TypeScript does; --check changes nothing
  lsp                        run a language server for the cells of notebooks, for editors:
                             it speaks the Language Server Protocol on standard input and
                             output
  vsix [--output FILE]       write the extension of VS Code, to be installed with
                             code --install-extension FILE
  kernel CONNECTION_FILE     run the kernel of TypeScript (Jupyter does this)
  kernel --javascript CONNECTION_FILE
                             run the kernel of JavaScript
  launch --kernel-id ID --response-address HOST:PORT --public-key KEY
         [--port-range FIRST..LAST] [--ip ADDRESS] [--javascript]
                             run the kernel for Enterprise Gateway (its kernelspec does this)

  -h, --help, after a command too; -v, --version
`;

/**
 * The help of one command.
 *
 * @param command - its name
 * @returns its part of the help; all of it if there is no such command
 */
export function helpOf(command: string | undefined): string {
  let current: string | undefined;
  const lines = HELP.split("\n").filter((line) => {
    const [, name] = /^ {2}([a-z]+)/.exec(line) ?? [];
    // The lines of an option and of a text stand further to the right.
    current = name ?? (line.startsWith("   ") ? current : undefined);
    return current !== undefined && current === command;
  });
  return lines.length === 0
    ? HELP
    : `Usage: rnnlab\n\n${lines.join("\n")}\n\nrnnlab --help shows all commands\n`;
}
