import { createActor, setup } from 'xstate'
import { expect, test, vi } from 'vitest'
import { fromListener } from '../../services/actors/listener.ts'

type Word = { readonly type: 'go' } | { readonly type: 'break' }

/** A machine that listens while it runs within another, until it goes on or breaks. */
function listening() {
  const [heard, ended] = [vi.fn<(word: Word) => void>(), vi.fn<() => void>()]
  const inner = setup({
    types: { events: {} as Word },
    actors: {
      listen: fromListener<Word>(({ receive }) => {
        receive(heard)
        return ended
      }),
    },
    guards: {
      breaks: () => {
        throw new Error('This guard breaks.')
      },
    },
  }).createMachine({
    initial: 'listening',
    states: {
      listening: { invoke: { src: 'listen' }, on: { go: 'deaf', break: { guard: 'breaks', target: 'deaf' } } },
      deaf: {},
    },
  })
  const outer = setup({ actors: { inner } }).createMachine({ invoke: { id: 'inner', src: 'inner', onError: {} } })
  const actor = createActor(outer).start()
  return { actor, inner: actor.getSnapshot().children['inner'], ended }
}

test('a listener ends when its state is left, once', () => {
  const { actor, inner, ended } = listening()
  inner?.send({ type: 'go' })
  actor.stop()
  expect(ended).toHaveBeenCalledTimes(1)
})

test('P10 P22 a listener ends when the machine that invoked it breaks, once, although XState leaves it', () => {
  const { actor, inner, ended } = listening()
  inner?.send({ type: 'break' })
  expect(ended).toHaveBeenCalledTimes(1)
  actor.stop()
  expect(ended).toHaveBeenCalledTimes(1)
})

test('a listener ends when the machine around it is stopped', () => {
  const { actor, ended } = listening()
  actor.stop()
  expect(ended).toHaveBeenCalledTimes(1)
})
