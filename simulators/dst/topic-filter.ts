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
