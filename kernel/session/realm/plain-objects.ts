import { cells } from "./cell-realm.js";

const everyObject = cells.Object.prototype;

/**
 * Takes a property away that a cell has given to every object: Node's own code looks for it in objects of its making.
 *
 * @returns what gives it back; undefined if there is none
 */
export function hideFromObjects(name: string): (() => void) | undefined {
  if (!Object.hasOwn(everyObject, name)) return undefined;
  const hidden = Object.getOwnPropertyDescriptor(everyObject, name) as PropertyDescriptor;
  Reflect.deleteProperty(everyObject, name);
  return () => void Reflect.defineProperty(everyObject, name, hidden);
}
