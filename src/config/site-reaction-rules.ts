import {
  changeReactions,
  impossibleAbort,
  impossibleReject,
  type ReactionChanges,
  type Reactions,
} from '../domain/reactions.ts';
import { unknownName } from './did-you-mean.ts';
import type { ReactionEntry } from './reaction-schema.ts';
import { rule, type SiteRule } from './site-rules.ts';
import type { Finding } from './yaml-file.ts';
import type { Path } from './yaml-position.ts';

/**
 * Changed reactions name what the interface file of their crane knows, and can be carried out.
 *
 * @param reactionsIn  the tables of an interface file by its name; undefined where it cannot be read,
 *   which is a problem of its own
 */
export const reactionRule = (
  reactionsIn: (interfaceName: string) => Reactions | undefined,
): SiteRule =>
  rule(['devices', 'reactions'], ({ devices, reactions }) => {
    const cranes = devices.flatMap((device, i) => {
      if (device.type !== 'asrs-crane') return [];
      const known = reactionsIn(device.settings.interface);
      return known === undefined ? [] : [{ i, known, own: device.reactions }];
    });
    const [first] = cranes;
    if (first === undefined) return [];
    // What holds for every crane must be known to one of them; which one, its own entry can say.
    const all = merged(cranes.map(({ known }) => known));
    return [
      ...findings(all, reactions, ['reactions']),
      ...cranes.flatMap(({ i, known, own }) =>
        findings(changeReactions(known, reactions as ReactionChanges), own, [
          ...['devices', i, 'reactions'],
        ]),
      ),
    ];
  });

const merged = (tables: readonly Reactions[]): Reactions => ({
  rejects: new Map(tables.flatMap(({ rejects }) => [...rejects])),
  aborts: new Map(tables.flatMap(({ aborts }) => [...aborts])),
});

function findings(known: Reactions, changes: ReactionEntry | undefined, at: Path): Finding[] {
  const { rejects = {}, aborts = {} } = changes ?? {};
  const after = changeReactions(known, changes as ReactionChanges | undefined);
  return [
    ...Object.entries(rejects).flatMap(([name, { next }]): Finding[] => {
      const path = [...at, 'rejects', name];
      const before = known.rejects.get(name);
      if (before === undefined) return [unknown('reject', name, known.rejects, path)];
      const why = impossibleReject(before.next, next);
      return why === undefined ? [] : [{ path: [...path, 'next'], message: why }];
    }),
    ...Object.keys(aborts).flatMap((name): Finding[] => {
      const path = [...at, 'aborts', name];
      const row = after.aborts.get(name);
      if (row === undefined) return [unknown('abort', name, known.aborts, path)];
      const why = impossibleAbort(row);
      return why === undefined ? [] : [{ path, message: why }];
    }),
  ];
}

const unknown = (
  what: string,
  name: string,
  known: ReadonlyMap<string, unknown>,
  path: Path,
): Finding => ({ path, message: unknownName(what, name, known.keys()) });
