import { MISSING, OUTSIDE } from '../src/domain/ids.ts';
import type { Truth } from './world/world.ts';

/** A question of the controller to a person, as far as people need it. */
export interface Question {
  readonly code: string;
  readonly location?: string;
  readonly resolutions: readonly { readonly resolution: string }[];
}

/** What a person says after a look, and what that person does with the hands first. */
export interface Answer {
  readonly resolution: string;
  readonly place?: string;
  /** Tote to be carried out of the building. */
  readonly carryOut?: string;
}

/** Answers that need no look, the first that is offered. */
const withoutLook = ['noted', 'reset', 'release', 'fail'] as const;

/**
 * The answer that the floor gives to a question.
 *
 * @param codes  what can be read on the load unit in question; empty where none is
 * @returns      undefined when people have no answer to it
 */
export function answerTo(
  question: Question,
  codes: readonly string[],
  { totes }: Pick<Truth, 'totes'>,
): Answer | undefined {
  const offers = (name: string) =>
    question.resolutions.some(({ resolution }) => resolution === name);
  if (question.code === 'LABEL_UNKNOWN') return { resolution: 'destroyed' };
  const simple = withoutLook.find(offers);
  if (simple !== undefined) return { resolution: simple };
  if (offers('keptClosed')) return lookInto(question, totes);
  const tote = totes.find((each) => each.codes.some((code) => codes.includes(code)));
  const isInside = tote !== undefined && tote.location !== OUTSIDE && tote.location !== MISSING;
  const here = isInside && { place: tote.location };
  // What cannot be seen anywhere is outside: "nobody knows" is no answer.
  const seen = codes.length > 0 && { place: isInside ? tote.location : OUTSIDE };
  if (offers('confirmed')) return { resolution: 'confirmed', ...seen };
  if (offers('found')) return here ? { resolution: 'found', ...here } : { resolution: 'lost' };
  if (offers('placed')) return here ? { resolution: 'placed', ...here } : { resolution: 'removed' };
  return undefined;
}

/** A foreign tote is taken out of a closed location; an empty one may be used again. */
function lookInto({ location, resolutions }: Question, totes: Truth['totes']): Answer {
  const inside = totes.find((tote) => tote.location === location);
  const isCleared = inside === undefined || inside.isForeign;
  const offered = resolutions.map(({ resolution }) => resolution);
  const cleared = offered.find((name) => name === 'removed' || name === 'opened');
  const resolution = isCleared && cleared !== undefined ? cleared : 'keptClosed';
  return { resolution, ...(inside?.isForeign && { carryOut: inside.id }) };
}
