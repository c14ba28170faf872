/** Whether a topic fits a filter with `+` and `#`. */
export function matches(filter: string, topic: string): boolean {
  const [wanted, levels] = [filter.split('/'), topic.split('/')];
  return (
    wanted.every(
      (level, i) => level === '#' || (level === '+' && i < levels.length) || level === levels[i],
    ) &&
    (wanted.at(-1) === '#' || wanted.length === levels.length)
  );
}

/** What one subscriber wants. It is asked for the same few topics all the time. */
export class TopicFilters {
  readonly #filters = new Set<string>();
  /** Of topics that it was asked for since a filter has come or gone. */
  readonly #known = new Map<string, boolean>();

  add(filter: string): void {
    this.#filters.add(filter);
    this.#known.clear();
  }

  delete(filter: string): void {
    this.#filters.delete(filter);
    this.#known.clear();
  }

  want(topic: string): boolean {
    const known = this.#known.get(topic);
    if (known !== undefined) return known;
    const isWanted = [...this.#filters].some((filter) => matches(filter, topic));
    this.#known.set(topic, isWanted);
    return isWanted;
  }
}
