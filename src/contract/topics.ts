/** Longest topic that is accepted, in bytes. */
export const topicBytesMax = 200;
const root = (site: string, controller: string) => `craneway/1/${site}/${controller}`;

/** Topics of one controller. */
export function topicsOf(site: string, controller: string) {
  const base = root(site, controller);
  return {
    base,
    status: `${base}/status`,
    command: (host: string) => `${base}/command/${host}`,
    reply: (host: string) => `${base}/reply/${host}`,
    ack: (host: string) => `${base}/ack/${host}`,
    host: (host: string) => `${base}/host/${host}`,
    event: (name: string) => `${base}/event/${name}`,
    device: (device: string) => `${base}/state/device/${device}`,
    alarm: (alarm: string) => `${base}/state/alarm/${alarm}`,
    scan: `${base}/live/scan`,
  } as const;
}
export type Topics = ReturnType<typeof topicsOf>;

const level = /^[a-z0-9][a-z0-9._-]{0,31}$/;
/** Whether `text` may stand in a topic in place of a name. */
const isTopicLevel = (text: string): boolean => level.test(text);

/** What a message to the controller is, and whose; `undefined` when its topic is not one of those. */
export function inboundTopic(
  base: string,
  topic: string,
): { readonly kind: 'command' | 'ack' | 'host'; readonly host: string } | undefined {
  if (!topic.startsWith(`${base}/`)) return undefined;
  const [kind, host, ...more] = topic.slice(base.length + 1).split('/');
  if (host === undefined || more.length > 0 || !isTopicLevel(host)) return undefined;
  return kind === 'command' || kind === 'ack' || kind === 'host' ? { kind, host } : undefined;
}
