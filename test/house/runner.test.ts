import { execFile, spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { throwawayHouse } from '../support/throwaway-house.ts'

const file = (body: string) => `import { describe, expect, test } from 'vitest'\n${body}\n`

const house = throwawayHouse({
  'test/passing/a.test.ts': file(`test('one', () => { expect(1).toBe(1) }); test('two', () => { expect(2).toBe(2) })`),
  'test/failing/a.test.ts': file(
    `test('good', () => { expect(1).toBe(1) }); test('sums up', () => { expect(1).toBe(2) })`,
  ),
  'test/skipping/a.test.ts': file(`test.skip('left out', () => { expect(1).toBe(1) }); test.todo('for later')`),
  'test/only/a.test.ts': file(`test.only('alone', () => { expect(1).toBe(1) })`),
  'test/nothing/a.test.ts': file(''),
  'test/empty/helper.ts': 'export const answer = 42\n',
  'test/crashing/a.test.ts': file(`test('dies', () => { process.kill(process.pid, 'SIGKILL') })`),
  'test/unloadable/a.test.ts': file(`throw new Error('cannot be loaded')`),
  'test/rejecting/a.test.ts': file(`test('fine', () => { expect(1).toBe(1); void Promise.reject(new Error('late')) })`),
  'test/stray.test.ts': file(`test('never run', () => { expect(1).toBe(1) })`),
})

/** Runs the house's own runner in the throwaway house. */
function npmTest(...args: string[]): Promise<{ code: number; lines: string[]; output: string }> {
  return new Promise((done) => {
    const command = ['scripts/run.mjs', 'scripts/test.ts', ...args]
    execFile(process.execPath, command, { cwd: house.folder }, (error, stdout) => {
      const code = error ? Number(error.code) : 0
      done({ code, output: stdout, lines: stdout.trimEnd().split('\n') })
    })
  })
}

describe('npm test', () => {
  let whole: Awaited<ReturnType<typeof npmTest>>

  beforeAll(async () => {
    whole = await npmTest()
  })

  afterAll(() => house.remove())

  const lineOf = (suite: string) => whole.lines.find((line) => /^(pass|FAIL)/.test(line) && line.startsWith(suite, 6))

  it('says what passed and failed in each suite', () => {
    expect(lineOf('passing')).toMatch(/^pass .* 2 passed, 0 failed .* s$/)
    expect(lineOf('failing')).toMatch(/^FAIL .* 1 passed, 1 failed/)
    expect(whole.code).toBe(1)
  })

  it('runs every check first, and goes on after one that failed', () => {
    // The throwaway house has files that do not compile and are used by nothing.
    expect(whole.output).toMatch(/^FAIL {2}check: types /m)
    expect(whole.lines.filter((line) => /^(pass|FAIL) {2}check: /.test(line))).toHaveLength(6)
  })

  it('gives the sum in its last line', async () => {
    const { lines } = await npmTest('test/passing', 'test/failing', 'test/stray')
    expect(lines.at(-1)).toBe('3 passed, 2 failed')
  })

  it('shows a failing test whole, with what was expected', () => {
    expect(whole.output).toContain('expected 1 to be 2')
    expect(whole.output).toContain('test/failing/a.test.ts > sums up')
  })

  it('counts a test that was left out as failed', () => {
    expect(lineOf('skipping')).toMatch(/^FAIL .* 0 passed, 2 failed/)
    expect(whole.output).toContain('"left out" did not run (skipped)')
    expect(whole.output).toContain('"for later" did not run (todo)')
  })

  it.each(['only', 'nothing', 'crashing', 'unloadable'])('counts the suite "%s" as failed', (suite) => {
    expect(lineOf(suite)).toMatch(/^FAIL .* 0 passed, 1 failed/)
  })

  it('counts a rejection that nobody handled as failed', () => {
    expect(lineOf('rejecting')).toMatch(/^FAIL .* 1 passed, 1 failed/)
  })

  it('tells of a test file that no suite runs', () => {
    expect(whole.output).toContain('test/stray.test.ts: no suite runs it')
  })

  it('runs only what was asked for, and is content when that passes', async () => {
    const { code, lines } = await npmTest('test/passing')
    expect(code).toBe(0)
    expect(lines.filter((line) => /^(pass|FAIL)/.test(line))).toHaveLength(1)
    expect(lines.at(-1)).toBe('2 passed, 0 failed')
  })

  it('fails when a path matches nothing', async () => {
    const { code, output, lines } = await npmTest('test/pasing')
    expect(code).toBe(1)
    expect(output).toContain("No test file's path contains test/pasing")
    expect(lines.at(-1)).toBe('0 passed, 1 failed')
  })

  it('refuses an option that it does not know', async () => {
    expect((await npmTest('--wach')).code).toBe(2)
  })

  it('fails a suite that is there but holds no test', () => {
    expect(lineOf('empty')).toMatch(/^FAIL .* 0 passed, 1 failed/)
    expect(whole.output).toContain('test/empty/ holds no test file')
  })

  it('ends what it started when it is ended itself', async () => {
    const waiting = `import { appendFileSync } from 'node:fs'
      test('waits', async () => {
        setInterval(() => appendFileSync('alive', '.'), 20)
        await new Promise((done) => setTimeout(done, 60_000))
      }, 60_000)`
    const { folder, remove } = throwawayHouse({ 'test/waiting/a.test.ts': file(waiting) })
    const beats = () => (existsSync(join(folder, 'alive')) ? statSync(join(folder, 'alive')).size : 0)
    try {
      const child = spawn(process.execPath, ['scripts/run.mjs', 'scripts/test.ts', 'test/waiting'], { cwd: folder })
      const ended = new Promise((done) => child.once('exit', done))
      await expect.poll(beats, { timeout: 10_000 }).toBeGreaterThan(0)
      child.kill('SIGINT')
      expect(await ended).toBe(130)
      const then = beats()
      await new Promise((done) => setTimeout(done, 200))
      expect(beats()).toBe(then)
    } finally {
      remove()
    }
  })
})
