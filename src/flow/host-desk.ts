import type { AckData, ReplyData, StockQueryData } from '../contract/messages.ts';
import { validateCommand } from '../contract/validate.ts';
import { isAhead } from '../domain/host-ahead.ts';
import type { HostId } from '../domain/ids.ts';
import type { CommandName, HostCommand } from '../ports/intake.ts';
import { eventEpoch } from '../ports/outbox.ts';
import type { Reader } from '../ports/reader.ts';
import { type Answer, canonical, refuse, seqText } from './answers.ts';
import { announce } from './host-announce.ts';
import { fromHost, inTheirWords, replyToHost } from './host-codes.ts';
import { printForHost } from './host-labels.ts';
import { cancel, create, update } from './host-orders.ts';
import { putSkus } from './host-skus.ts';
import { adjust, block } from './host-stock.ts';
import type { Work } from './work.ts';

type Query = Pick<Reader, 'orders' | 'stock' | 'status'>;

/**
 * Decides a command of a host and answers it. The same id and content again gives the same
 * answer and has no second effect; what was refused for good stays refused under its id.
 */
export function onCommand(work: Work, command: HostCommand, query: Query): ReplyData {
  const { host, id, name } = command;
  const content = canonical({ name, data: command.data });
  const known = work.answeredHere(host, id) ?? work.parts.store.answered(host, id);
  if (known !== undefined) {
    const reply = known.reply as ReplyData;
    if (known.content === content) return { ...reply, duplicate: true };
    return replyOf(name, refuse('ID_REUSED', `${id} was used for another command`));
  }
  if (command.retained) {
    return replyOf(name, refuse('RETAINED', 'a command must not be retained'));
  }
  const { duplicate = false, ...answer } = decideCommand(work, command, query);
  const { hostCodes } = work.parts.topology;
  const reply = replyToHost(hostCodes, { ...replyOf(name, answer), duplicate });
  const isQuery = name === 'order.query' || name === 'stock.query' || name === 'event.resend';
  if (!isQuery && reply.error?.retryable !== true) {
    work.answer({ host, id, content, reply, atMs: work.nowMs });
  }
  return reply;
}

const replyOf = (command: CommandName, answer: Answer): ReplyData => ({
  command,
  result: answer.error === undefined ? 'accepted' : 'refused',
  duplicate: false,
  ...answer,
});

function decideCommand(work: Work, command: HostCommand, query: Query): Answer {
  const { name, expiresAtMs, host, id } = command;
  const checked = validateCommand(name, command.data);
  if (!checked.ok) return { error: checked.error, ...orderOf(command.data) };
  if (expiresAtMs !== undefined && expiresAtMs < work.nowMs) {
    return refuse('EXPIRED', 'its expirytime has passed');
  }
  work.cause = { id: `command/${host}/${id}`, by: `host/${host}` };
  const { hostCodes } = work.parts.topology;
  const { data, said, refusal } = fromHost(hostCodes, { host, name, data: checked.data });
  if (refusal !== undefined) return { ...refusal, ...orderOf(data) };
  return inTheirWords(carryOut(work, { host, name, data }, query), said);
}

function carryOut(
  work: Work,
  command: Pick<HostCommand, 'host' | 'name' | 'data'>,
  query: Query,
): Answer {
  const { name, host } = command;
  // The check has given `data` the type that belongs to `name`.
  const data = command.data as never;
  switch (name) {
    case 'loadUnit.announce':
      return announce(work, data);
    case 'sku.put':
      return putSkus(work, data);
    case 'order.create':
      return create(work, host, data);
    case 'order.update':
      return update(work, host, data);
    case 'order.cancel':
      return cancel(work, host, data);
    case 'order.query': {
      const { items, next } = query.orders(data);
      return { orders: items, next };
    }
    case 'stock.query': {
      const { location } = data as StockQueryData;
      if (location !== undefined && work.parts.topology.find(location) === undefined) {
        const errors = [{ path: '/location', message: `${location} is not a place of this site` }];
        return refuse('UNKNOWN_REFERENCE', '1 name is not known here', { errors });
      }
      const { items, next } = query.stock(data);
      return { stock: items, next, asOf: query.status().lastSequence };
    }
    case 'event.resend':
      return resend(work, data);
    case 'stock.adjust':
      return adjust(work, data);
    case 'stock.block':
      return block(work, data);
    case 'label.print':
      return printForHost(work, host, data);
  }
}

function resend(work: Work, { from, to }: { from: string; to?: string }): Answer {
  // What the books have numbered since a host was ahead of them, some host has under another meaning.
  const ends = [...work.warehouse.tables.host.values()].flatMap(
    ({ ahead }) => ahead?.booksEnd ?? [],
  );
  const last = Math.min(work.warehouse.counter('event'), ...ends);
  const until = Math.min(Number(to ?? last), last);
  if (Number(from) < 1 || Number(from) > last || until < Number(from)) {
    return refuse('NOT_FOUND', `events 1 to ${last} can be sent again`);
  }
  return { from, to: seqText(until) };
}

/** Takes in how far a host has stored events. A mark only rises; what does not fit is kept as a reason. */
export function onAck(work: Work, host: HostId, ack: AckData): void {
  const mark = Number(ack.ackThrough);
  const last = work.warehouse.counter('event');
  const known = work.warehouse.tables.host.get(host);
  const { ackThrough = 0, hostEpoch = ack.hostEpoch, ahead } = known ?? {};
  if (isAhead(ack, { booksEnd: last, epoch: eventEpoch, ahead })) return noteAhead(work, host, ack);
  // Said before the host was restored, and delivered late.
  if (ack.hostEpoch < hostEpoch) return;
  const isRestored = ack.hostEpoch > hostEpoch;
  if (isRestored) {
    work.raise({
      code: 'HOST_RESTORED',
      text: `${host} was restored from a backup; its new orders wait for a release.`,
      resolutions: [{ resolution: 'release', text: 'Its orders may come in again.', needs: [] }],
    });
  }
  if (mark <= ackThrough && !isRestored && known !== undefined) return;
  work.settleWhere(({ code, text }) => code === aheadCode && text.startsWith(`${host} `));
  const next = isRestored ? mark : Math.max(mark, ackThrough);
  const isPaused = isRestored || known?.isPaused === true;
  work.warehouse.tables.host.put({ host, ackThrough: next, hostEpoch: ack.hostEpoch, isPaused });
}

const aheadCode = 'EVENTS_MISSING_HERE';

/**
 * What is numbered from then on in the books is not what the host has under that number. So it stays, however many
 * events are added, until the books are told under another epoch, or the host goes back to what they know.
 */
function noteAhead(work: Work, host: HostId, { ackThrough, epoch, hostEpoch }: AckData): void {
  const known = work.warehouse.tables.host.get(host);
  if (known?.ahead !== undefined) return;
  const booksEnd = work.warehouse.counter('event');
  const through = Number(ackThrough);
  const none = { host, ackThrough: 0, hostEpoch, isPaused: false };
  const ahead = { through, epoch, booksEnd, hostEpoch };
  work.warehouse.tables.host.put({ ...none, ...known, ahead });
  work.raise({
    code: aheadCode,
    text: `${host} has stored events up to ${through}, these books end at ${booksEnd}: they are an old copy. No host is told any more.`,
  });
}

const orderOf = (data: unknown): { order?: string } => {
  const order = (data as { order?: unknown } | null)?.order;
  return typeof order === 'string' && order.length <= 40 ? { order } : {};
};
