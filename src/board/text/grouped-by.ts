/** As Map.groupBy, which browsers of 2022 lack. */
export function groupedBy<T, Key = string>(all: readonly T[], nameOf: (one: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const one of all) {
    const group = groups.get(nameOf(one));
    if (group === undefined) groups.set(nameOf(one), [one]);
    else group.push(one);
  }
  return groups;
}
