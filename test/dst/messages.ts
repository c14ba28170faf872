import type { Happened, MessageLeft, MessageSeen } from '../../simulators/dst/evidence.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import type { Site } from '../../src/domain/site.ts';

type Message = Omit<MessageSeen, keyof Happened | 'connection'>;

/** Reads what leaves a controller for its broker. @returns undefined for what the oracle does not look at */
export function messagesOf({
  site,
  controller,
  hosts,
}: Pick<Site, 'site' | 'controller' | 'hosts'>) {
  const topics = topicsOf(site, controller);
  const hostOf = new Map(hosts.map(({ host }) => [topics.command(host), host]));
  return ({ kind, topic, payload }: MessageLeft): Message | undefined => {
    const host = hostOf.get(topic);
    if (kind === 'message' && topic.startsWith(topics.event(''))) {
      return { kind: 'event', sequence: Number(fieldOf(payload, 'sequence')) };
    }
    if (kind === 'message' || host === undefined) return undefined;
    return { kind, command: `${host}/${fieldOf(payload, 'id')}` };
  };
}

/** Commands may be rubbish. */
function fieldOf(payload: Buffer, name: string): unknown {
  try {
    return (JSON.parse(String(payload)) as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}
