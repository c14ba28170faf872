import { isIPv4 } from 'node:net';
import { rule, type SiteRule } from './site-rules.ts';

/** Links to hosts and people. */
export const linkRules: readonly SiteRule[] = [
  rule(['hosts'], ({ hosts }) =>
    hosts.some(({ acknowledges }) => acknowledges)
      ? []
      : [
          {
            path: ['hosts'],
            message: 'at least one host needs "acknowledges: true", or no event is ever finished',
          },
        ],
  ),
  rule(['broker'], ({ broker }) => {
    const { embedded, host, username, passwordEnv } = broker;
    const isLocal = isLoopback(host);
    if (embedded && !isLocal) {
      const message = `the embedded broker listens on loopback only, such as 127.0.0.1, not "${host}"`;
      return [{ path: ['broker', 'host'], message }];
    }
    if (username === undefined && passwordEnv !== undefined) {
      return [{ path: ['broker', 'passwordEnv'], message: 'needs "username" beside it' }];
    }
    const message = 'a broker on the network without "username" lets anyone send orders';
    return isLocal || username !== undefined
      ? []
      : [{ path: ['broker', 'host'], message, severity: 'warn' }];
  }),
  rule(['http'], ({ http }) => {
    const message = `"${http.host}" is open to the network, and there is no sign-in: put a proxy that has one before it`;
    return isLoopback(http.host) ? [] : [{ path: ['http', 'host'], message, severity: 'warn' }];
  }),
  rule(['broker', 'http'], ({ broker, http }) =>
    broker.embedded && broker.port === http.port && http.port !== 0
      ? [{ path: ['http', 'port'], message: `${http.port} is the port of the broker already` }]
      : [],
  ),
];

/** Whether only this machine can reach it. */
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
