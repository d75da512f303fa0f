import { createMachine, type AnyStateMachine } from 'xstate'

/** Six states deep, with ways from the innermost to the outermost and back. */
export function nested(depth = 6): AnyStateMachine {
  const levelAt = (level: number): object => ({
    initial: 'first',
    states: {
      first: { on: { GO: 'second' } },
      second: level === depth ? { on: { OUT: '#outside', UP: '#level1' } } : levelAt(level + 1),
    },
    on: { [`LEAVE${level}`]: '#outside' },
    id: `level${level}`,
  })
  return createMachine({
    id: 'nested',
    initial: 'inside',
    states: { inside: levelAt(1), outside: { id: 'outside', on: { IN: `#level${depth}`, AGAIN: 'inside' } } },
  })
}
