import { CLARIFICATION, MISSING, OUTSIDE } from '../src/domain/ids.ts';
import type { Tote, Truth } from './world/world.ts';

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

/** What the books say of the load unit in question. */
export interface Booked {
  /** What can be read on it; empty where nothing can, or where the question is about none. */
  readonly codes: readonly string[];
  readonly location?: string | undefined;
  /**
   * Totes that stand where it is booked, and that the books have elsewhere or nowhere, as a look at each of them
   * and at the screen tells, the foremost first; absent: it is booked nowhere where one could look.
   */
  readonly strangers?: readonly Stranger[] | undefined;
  /** It has been asked for so long that what is on its way would have gone on by itself. */
  readonly isAskedLong?: boolean | undefined;
}

export interface Stranger {
  readonly id: string;
  /** No code can be read on it. */
  readonly isNameless: boolean;
  /** Where it stands, where that is not the place in question: a crane may have put it down. */
  readonly cell?: string;
}

export const asStranger = ({ id, lpn, label }: Tote): Stranger => ({
  id,
  isNameless: lpn === undefined && label === undefined,
});

/** Answers that need no look, the first that is offered. */
const withoutLook = ['noted', 'reset', 'release', 'fail'] as const;

/**
 * The answer that the floor gives to a question.
 *
 * @returns undefined when people have no answer to it
 */
export function answerTo(
  question: Question,
  booked: Booked,
  { totes }: Pick<Truth, 'totes'>,
): Answer | undefined {
  const { location } = booked;
  const offers = (name: string) =>
    question.resolutions.some(({ resolution }) => resolution === name);
  if (question.code === 'LABEL_UNKNOWN') return { resolution: 'destroyed' };
  const seen = look(booked, totes);
  const booksAreWrong = seen && whereBooksAreWrong(offers, seen, { question, location });
  if (booksAreWrong) return booksAreWrong;
  const deadEnd = leaveDeadEnd(offers, question, { ...booked, totes });
  if (deadEnd !== undefined) return deadEnd;
  const simple = withoutLook.find(offers);
  if (simple !== undefined) return { resolution: simple };
  if (offers('keptClosed')) return lookInto(question, totes);
  return whereItIs(offers, seen) ?? takeOut(offers, question, booked);
}

/** Whatever the books do not know may not stay where it is in the way; where there is nothing, there is no more to do. */
function takeOut(
  offers: Offers,
  question: Question,
  { codes, location, strangers = [], isAskedLong }: Booked,
): Answer | undefined {
  const isAboutIt = codes.length === 0 && location !== undefined && location === question.location;
  if (!offers('removed') || !isAboutIt || isAskedLong !== true) return undefined;
  const [it] = strangers;
  return { resolution: 'removed', ...(it && { carryOut: it.id }) };
}

type Offers = (name: string) => boolean;
interface Seen {
  readonly isInside: boolean;
  readonly place: string;
}

/** Whoever waits where the books have it does not see it come: that is more than to have noted it. */
function whereBooksAreWrong(
  offers: Offers,
  { isInside, place }: Seen,
  { question, location }: { readonly question: Question; readonly location: string | undefined },
): Answer | undefined {
  if (isInside && place === question.location && offers('here')) return { resolution: 'here' };
  // One that is outside, as the books know by now, does not come any more either.
  if (place === location && (isInside || !offers('notThere'))) return undefined;
  if (offers('notThere')) return { resolution: 'notThere' };
  return offers('noted') && offers('placed') ? { resolution: 'placed', place } : undefined;
}

/** It stands where the question says that it cannot stay: by hand it is out of the way. */
function leaveDeadEnd(
  offers: Offers,
  { location }: Question,
  { codes, isAskedLong, totes }: Booked & Pick<Truth, 'totes'>,
): Answer | undefined {
  const isAsked = isAskedLong === true && ['placed', 'putBack', 'removed'].every(offers);
  const it = totes.find((each) => each.codes.some((code) => codes.includes(code)));
  if (!isAsked || it === undefined || it.location !== location) return undefined;
  return { resolution: 'removed', carryOut: it.id };
}

function whereItIs(offers: Offers, seen: Seen | undefined): Answer | undefined {
  if (offers('confirmed')) {
    return { resolution: 'confirmed', ...(seen && { place: seen.place }) };
  }
  const here = seen?.isInside && { place: seen.place };
  if (offers('found')) return here ? { resolution: 'found', ...here } : { resolution: 'lost' };
  if (offers('placed') && here) return { resolution: 'placed', ...here };
  if (offers('removed') && offers('placed')) return { resolution: 'removed' };
  if (offers('placed') && seen) return { resolution: 'placed', place: seen.place };
  return undefined;
}

/**
 * Where it stands. What has no name for the books is whatever stands there in its place; what has lost its name is
 * the one without. What cannot be seen anywhere is outside: "nobody knows" is no answer.
 */
function look({ codes, location, strangers }: Booked, totes: Truth['totes']): Seen | undefined {
  if (codes.length === 0 && strangers === undefined) return undefined;
  const tote = totes.find((each) => each.codes.some((code) => codes.includes(code)));
  if (tote !== undefined && canBeSeen(tote.location))
    return { isInside: true, place: tote.location };
  const it = strangers?.find(({ isNameless }) => isNameless || codes.length === 0);
  return it !== undefined && location !== undefined
    ? { isInside: true, place: it.cell ?? location }
    : { isInside: false, place: OUTSIDE };
}

/** Nobody can go to what stands for "we do not know" or for the world outside. */
export const canBeSeen = (place: string): boolean =>
  place !== OUTSIDE && place !== MISSING && place !== CLARIFICATION;

/** A foreign tote is taken out of a closed location; an empty one may be used again. */
function lookInto({ location, resolutions }: Question, totes: Truth['totes']): Answer {
  const inside = totes.find((tote) => tote.location === location);
  const isCleared = inside === undefined || inside.isForeign;
  const offered = resolutions.map(({ resolution }) => resolution);
  const cleared = offered.find((name) => name === 'removed' || name === 'opened');
  const resolution = isCleared && cleared !== undefined ? cleared : 'keptClosed';
  return { resolution, ...(inside?.isForeign && { carryOut: inside.id }) };
}
