import { describe, expect, it } from 'vitest'
import { missingFrom, readLockfile } from '../../scripts/complete-lockfile.ts'

describe('the lock file', () => {
  const { packages } = readLockfile()

  it('names every platform of every tool, or `npm ci` refuses it: run `npm run lock:complete`', () => {
    expect(Object.keys(missingFrom(packages))).toEqual([])
  })

  it('installs without running anybody’s script', () => {
    const withScripts = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)
    expect(withScripts.map(([path]) => path)).toEqual([])
  })

  it('names no registry, so that each person’s own is asked', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
  })
})
