import type { Warehouse } from '../../src/domain/warehouse.ts';

/** States of a chart that lie in each other, as one name. */
const stateName = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Object.entries((value ?? {}) as Record<string, unknown>)
        .map(([outer, inner]) => `${outer}.${stateName(inner)}`)
        .join('+');

/**
 * What is under way: of each open workflow its chart and state, and how far the crane's command for it is.
 *
 * @returns such as `carry.underway × accepted`; each once
 */
export function phasesOf({ tables }: Warehouse): readonly string[] {
  const phases = new Map<string, string>();
  for (const { workflow, state, verdict } of tables.mission.values()) {
    if (verdict === undefined && workflow !== undefined) phases.set(workflow, state);
  }
  const found = [...tables.workflow.values()].map(({ workflow, machine, snapshot }) => {
    const chart = machine.split('@', 1)[0];
    const { value } = snapshot as { value?: unknown };
    return `${chart}.${stateName(value)} × ${phases.get(workflow) ?? 'no command'}`;
  });
  return found.length === 0 ? ['nothing is under way'] : [...new Set(found)];
}
