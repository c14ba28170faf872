import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';

export type Path = readonly (string | number)[];

/** `devices[1].settings.port` */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number' || /^\d+$/.test(step)) return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/**
 * Character offset in the text where the entry at `path` starts.
 *
 * @param at  `value`: what the entry holds; `key`: its name. For a missing entry, where its parent's
 *            content starts.
 */
export function offsetOf(document: Document, path: Path, at: 'value' | 'key' = 'value'): number {
  let node: Node | null = document.contents as Node | null;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const entry = entryOf(resolve(node, document), String(step));
    if (entry === undefined) break;
    const isKeyWanted = at === 'key' && index === path.length - 1;
    // An entry without a value (`port:`) stands where its name does.
    const preferred = isKeyWanted ? [entry.key, entry.value] : [entry.value, entry.key];
    offset = preferred.map(startOf).find((start) => start !== undefined) ?? offset;
    node = entry.value;
  }
  return offset;
}

interface Entry {
  readonly key: Node | null;
  readonly value: Node | null;
}

/** Keys are compared as text, as JavaScript does: `0: idle` is found under "0". */
function entryOf(node: Node | null, step: string): Entry | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { key: null, value: asNode(value) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
  return pair && { key: asNode(pair.key), value: asNode(pair.value) };
}

const resolve = (node: Node | null, document: Document): Node | null =>
  isAlias(node) ? (node.resolve(document) ?? null) : node;

const asNode = (value: unknown): Node | null => (isNode(value) ? value : null);

const startOf = (node: Node | null): number | undefined => {
  const [start, end] = node?.range ?? [];
  return start === end ? undefined : start;
};
