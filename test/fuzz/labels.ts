import { fuzzField } from '../lib/label-fuzz.ts';
import { everyKind, shippedTemplates } from '../lib/labels.ts';
import type { FuzzTarget } from './target.ts';

/** Label templates with one field filled with anything: data must never change the label's commands. */
export function labelsFuzz(): FuzzTarget {
  const fields = [...shippedTemplates, everyKind].flatMap((template) =>
    template.takes.map((field) => ({ template, field })),
  );
  const counts = { printed: 0, refused: 0 };
  return {
    doc: 'every field of every label template, with random and hostile values',
    counts: () => counts,
    run(draw) {
      const { template, field } = draw.oneOf(fields);
      const found = fuzzField(template, field, { runs: 1, seed: draw.below(2 ** 31) });
      counts.printed += found.printed;
      counts.refused += found.refused;
      if (found.broken !== undefined) {
        throw new Error(`${template.name} with ${field} = ${JSON.stringify(found.broken)}`);
      }
    },
  };
}
