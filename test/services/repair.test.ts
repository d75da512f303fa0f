import { expect, test, vi } from 'vitest'
import { SessionError } from '../../machines/errors.ts'
import { readOrRepair } from '../../services/credentials/repair.ts'
import type { CompareResult } from '../../services/vault/types.ts'
import { codeOf, entryOf } from './samples.ts'

const fail = (code: 'vault_unreadable' | 'vault_unavailable') => () =>
  Promise.reject(new SessionError(code, 'It cannot be read.'))
const done = () => vi.fn<() => Promise<CompareResult>>(() => Promise.resolve({ outcome: 'done' }))

test('what can be read is read, and nothing is written', async () => {
  const rewrite = done()
  const content = { entry: entryOf('a', 2), end: null }
  expect(await readOrRepair(() => Promise.resolve(content), entryOf('a'), rewrite)).toBe(content)
  expect(rewrite).not.toHaveBeenCalled()
})

test('what makes no sense is written anew from memory, and counts as read', async () => {
  const rewrite = done()
  expect(await readOrRepair(fail('vault_unreadable'), entryOf('a'), rewrite)).toEqual({
    entry: entryOf('a'),
    end: null,
  })
  expect(rewrite).toHaveBeenCalledExactlyOnceWith(entryOf('a'))
})

test('P12 what another tab wrote meanwhile counts, not what memory holds', async () => {
  const content = { entry: entryOf('a', 2), end: null }
  const moved = () => Promise.resolve<CompareResult>({ outcome: 'moved', content })
  expect(await readOrRepair(fail('vault_unreadable'), entryOf('a'), moved)).toBe(content)
})

test('a storage that does not work just now is no reason to write', async () => {
  const rewrite = done()
  expect(await codeOf(readOrRepair(fail('vault_unavailable'), entryOf('a'), rewrite))).toBe('vault_unavailable')
  expect(await codeOf(readOrRepair(fail('vault_unreadable'), null, rewrite))).toBe('vault_unreadable')
  expect(rewrite).not.toHaveBeenCalled()
})
