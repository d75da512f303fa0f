/**
 * Calls back once, when this process is asked to end. `npm run` hands a signal to its shell, which may die of it without
 * telling us; then the shell's end is the asking.
 */
export function whenAskedToEnd(end: (signal: NodeJS.Signals) => void): void {
  let asked = false
  const ask = (signal: NodeJS.Signals) => {
    // Ctrl-C can arrive twice, from the terminal and from npm.
    if (asked) return
    asked = true
    end(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask(signal))
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid !== parent) ask('SIGHUP')
  }, 250)
  watch.unref()
}
