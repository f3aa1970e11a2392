/** Module specifier of the cell with a serial, as headers write it. */
export function cellSpecifier(serial: number): string {
  return `./__cell_${serial}`;
}

/** The serial in a specifier that {@link cellSpecifier} made. */
export function cellOfSpecifier(specifier: string): number | undefined {
  const match = /^\.\/__cell_(\d+)$/.exec(specifier);
  return match === null ? undefined : Number(match[1]);
}

/** A text about types without the modules that the cells are to the type checker: `import("…/__cell_3").Color` → `Color`. */
export function withoutCellModules(text: string): string {
  return text.replace(/import\("[^"]*__cell[-_]\d+(?:\.written)?"\)\./g, "");
}
