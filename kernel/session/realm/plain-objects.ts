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

/**
 * Hides a property that a cell has given to every object from whoever looks for it next, and gives it back then.
 *
 * @returns whether it does: false if the cell has also seen to it that nobody can take the property away
 */
export function hideOnceFromObjects(name: string): boolean {
  const restore = hideFromObjects(name);
  if (restore === undefined) return true;
  const get = (): void => {
    Reflect.deleteProperty(everyObject, name);
    restore();
  };
  return Reflect.defineProperty(everyObject, name, { get, configurable: true });
}
