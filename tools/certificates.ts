/** Where the path of the certificates is kept for the tests that need them. */
const KEPT = "RNNLAB_TEST_CA_CERTS";

/**
 * Takes the certificates for Node.js out of this process's environment. Every Node.js reads them as it starts, which takes a
 * tenth of a second where they are all of the system's, and the tests start it thousands of times.
 */
export function keepCertificates(): void {
  const { NODE_EXTRA_CA_CERTS: path } = process.env;
  if (path === undefined) return;
  process.env[KEPT] = path;
  delete process.env.NODE_EXTRA_CA_CERTS;
}

/** The environment of a Node.js that connects to other machines, as npm does. */
export function networkEnvironment(): NodeJS.ProcessEnv {
  const { [KEPT]: path, ...env } = process.env;
  return path === undefined ? env : { ...env, NODE_EXTRA_CA_CERTS: path };
}
