/** Whether one state lies within another, by their parents: ids do not say so where a machine names its states itself. */
export function withinOf(
  states: readonly { readonly id: string; readonly parent: string | null }[],
): (inner: string, outer: string) => boolean {
  const parents = new Map(states.map(({ id, parent }) => [id, parent]))
  return (inner, outer) => {
    for (let at = parents.get(inner) ?? null; at !== null; at = parents.get(at) ?? null) if (at === outer) return true
    return false
  }
}
