import type { SimulatedSite } from './simulated-site.ts';

export type Args = Readonly<Record<string, number>>;
export type Deed = (site: SimulatedSite, args: Args, target: string) => void;

/** What goes wrong on the way to the hosts, at the broker, and with the hosts themselves. */
export const uplineDeeds: Readonly<Record<string, Deed>> = {
  'host.away': ({ host, kernel }, { forMs = 0 }) => {
    host.away().set(true, {});
    kernel.after(forMs, () => host.away().set(false, {}));
  },
  'host.doubles': ({ host, kernel }, { forMs = 0 }) => {
    host.doubles = true;
    kernel.after(forMs, () => {
      host.doubles = false;
    });
  },
  'host.mute': ({ host, kernel }, { forMs = 0 }) => {
    host.mute().set(true, {});
    kernel.after(forMs, () => host.mute().set(false, {}));
  },
  'host.rubbish': ({ host }, { kind = 0, isRetained }) => host.rubbish(kind, isRetained === 1),
  'broker.down': ({ broker, kernel }, { forMs = 0, keepsAll }) => {
    broker.illness.isDown = true;
    broker.restart(keepsAll === 1);
    kernel.after(forMs, () => {
      broker.illness.isDown = false;
    });
  },
  'broker.storm': ({ broker, kernel, controllerId }, { times = 1, betweenMs = 0 }) => {
    for (let i = 0; i < times; i++) {
      kernel.after(i * betweenMs, () => broker.cut(controllerId));
    }
  },
  'broker.takenOver': ({ broker, controllerId }, { isClean }) => {
    const end = broker.connect({
      ...{ clientId: controllerId, clean: isClean === 1, will: undefined },
      ...{ taken: () => end.leave(() => {}), message() {}, lost() {} },
    });
  },
  'broker.lostPubacks': ({ broker }, { times = 1 }) => {
    broker.illness.lostPubacks += times;
  },
  'broker.redelivers': ({ broker }, { times = 1 }) => {
    broker.illness.redeliveries += times;
  },
  'broker.shuffles': ({ broker, kernel }, { forMs = 0 }) => {
    broker.illness.shuffles = true;
    kernel.after(forMs, () => {
      broker.illness.shuffles = false;
    });
  },
  'broker.late': ({ broker, kernel }, { ms = 0, forMs = 0 }) => {
    broker.illness.lateMs = ms;
    kernel.after(forMs, () => {
      broker.illness.lateMs = 0;
    });
  },
};
