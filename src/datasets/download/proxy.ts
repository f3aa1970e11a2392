/**
 * The proxy that the environment names for an address: `HTTPS_PROXY` or `HTTP_PROXY`, unless `NO_PROXY` lists the host
 * (names with or without a leading dot also mean everything below them, `host:port` means that port alone, `*` means
 * every host). As with curl, the names in small letters count first.
 *
 * @param address - what is to be fetched
 * @param environment - environment variables
 * @returns the proxy's address, if one is to be used
 */
export function proxyFor(
  address: URL,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const variable = (name: string): string => environment[name] || environment[name.toUpperCase()] || "";
  const proxy = variable(`${address.protocol.replace(":", "")}_proxy`);
  if (proxy === "") return undefined;
  const port = address.port || (address.protocol === "https:" ? "443" : "80");
  const exempt = variable("no_proxy")
    .toLowerCase()
    .split(/[\s,]+/)
    .some((rule) => {
      const { host = "", only = port } = /^\*?\.?(?<host>.*?)(?::(?<only>\d+))?$/.exec(rule)?.groups ?? {};
      if (rule === "*") return true;
      return host !== "" && only === port && `.${address.hostname}`.endsWith(`.${host}`);
    });
  if (exempt) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}
