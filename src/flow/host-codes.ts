import { mapHostCodes, ReplyData } from '../contract/messages.ts';
import { type CommandKey, commandSchemas, otherSchemas } from '../contract/names.ts';
import type { HostCodes } from '../domain/host-codes.ts';
import type { HostId, LocationId } from '../domain/ids.ts';
import type { OperatorAct } from '../ports/intake.ts';
import type { OutboxEvent } from '../ports/outbox.ts';
import { type Answer, refuse } from './answers.ts';

// Books and decisions have our codes only. These are the borders: commands and replies, events, acts of people.

/** A command with our codes for all places, and how its sender calls them. */
export interface Translated {
  readonly data: unknown;
  readonly said: ReadonlyMap<string, string>;
  /** Why it cannot be taken: a host has used our code of what it calls otherwise. */
  readonly refusal?: Answer;
}

/** People on site may use either code, hosts only theirs. */
export function fromHost(
  codes: HostCodes,
  {
    host,
    name,
    data,
  }: { readonly host: HostId; readonly name: CommandKey; readonly data: unknown },
): Translated {
  const said = new Map<string, string>();
  if (codes.isPlain) return { data, said };
  const errors: { path: string; message: string }[] = [];
  const translated = mapHostCodes(commandSchemas[name], data, (code, path) => {
    const own = host === 'local' ? codes.meantByPerson(code) : codes.meantByHost(code);
    if (own === undefined) {
      errors.push({
        path,
        message: `${code} is not a host's code: hosts call it ${codes.of(code)}`,
      });
      return code;
    }
    if (own !== code) said.set(own, code);
    return own;
  });
  const count = errors.length === 1 ? '1 name is' : `${errors.length} names are`;
  return {
    ...{ data: translated, said },
    ...(errors.length > 0 && {
      refusal: refuse('UNKNOWN_REFERENCE', `${count} not known to hosts`, { errors }),
    }),
  };
}

/** A refusal names things as the command did. */
export function inTheirWords(answer: Answer, said: Translated['said']): Answer {
  const { error } = answer;
  if (error === undefined || said.size === 0) return answer;
  const reword = (text: string) =>
    text.replace(/[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9_-])?/g, (word) => said.get(word) ?? word);
  const errors = error.errors?.map(({ path, message }) => ({ path, message: reword(message) }));
  return {
    ...answer,
    error: { ...error, detail: reword(error.detail), ...(errors && { errors }) },
  };
}

export const replyToHost = (codes: HostCodes, reply: ReplyData): ReplyData =>
  codes.isPlain ? reply : mapHostCodes(ReplyData, reply, (own) => codes.of(own));

export const eventToHost = (codes: HostCodes, name: OutboxEvent['name'], data: object): object =>
  codes.isPlain ? data : mapHostCodes(otherSchemas[name], data, (own) => codes.of(own));

/** What a person does, with our codes for the places that are named in either. */
export function fromPerson(codes: HostCodes, act: OperatorAct): OperatorAct {
  if (codes.isPlain) return act;
  const own = (code: string) => codes.meantByPerson(code) as LocationId;
  switch (act.act) {
    case 'scan':
    case 'answer':
    case 'finish':
      return { ...act, station: own(act.station) };
    case 'resolve':
      return act.place === undefined ? act : { ...act, place: own(act.place) };
    case 'check':
      return { ...act, location: own(act.location) };
    case 'lock':
      return { ...act, part: own(act.part) };
    case 'inspect':
    case 'release':
    case 'mode':
      return act;
  }
}
