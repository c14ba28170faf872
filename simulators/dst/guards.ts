/** Whatever reads real time or real chance, by where it hangs. */
const forbidden = ['setTimeout', 'setInterval', 'setImmediate'] as const;

/**
 * Takes real time and real chance away while a run is under way: who reads them all the same meets an error
 * that says so, and not a run that nobody can repeat.
 *
 * @returns gives them back
 */
export function guardChance(): () => void {
  const refuse = (what: string) => (): never => {
    throw new Error(`${what} was called in a simulated run: use the Clock or Random port`);
  };
  const undo: (() => void)[] = [];
  const take = (owner: object, name: string, value: unknown = refuse(name)) => {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    undo.push(() => {
      if (before === undefined) Reflect.deleteProperty(owner, name);
      else Object.defineProperty(owner, name, before);
    });
  };
  for (const name of forbidden) take(globalThis, name);
  take(globalThis.Math, 'random');
  take(globalThis.Date, 'now');
  take(globalThis, 'Date', datesOfWhatIsSaid(refuse('new Date()')));
  take(globalThis.process, 'hrtime');
  take(globalThis.performance, 'now');
  take(globalThis.crypto, 'randomUUID');
  take(globalThis.crypto, 'getRandomValues');
  return () => {
    for (const back of undo.reverse()) back();
  };
}

/** `Date` for instants that somebody names; asked for the present one, it refuses. */
const datesOfWhatIsSaid = (refuse: () => never): DateConstructor =>
  new Proxy(globalThis.Date, {
    apply: refuse,
    construct: (target, args, newTarget) =>
      args.length === 0 ? refuse() : Reflect.construct(target, args, newTarget),
  });
