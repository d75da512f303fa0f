import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whenAskedToEnd } from './ending.ts'
import { copyExamples, exampleNames, serveExample, type ServedExample } from './examples.ts'

const usage = `Usage: npm run example -- NAME

Packs this package, installs it into a copy of docs/examples/NAME, and starts that with an OpenID provider of its own, on
this machine only. NAME is one of ${exampleNames.join(', ')}.`

const greeting = (name: string, { url, provider }: ServedExample): string => `
  ${name}, from the packed package

  Open         ${url}
  Log in as    ${provider.people.map(({ username, password }) => `${username.padEnd(8)} password  ${password}`).join('\n               ')}

  Provider     ${provider.issuer}, which forgets everything at the end

  Ctrl-C ends both.
`

async function serve(name: string): Promise<void> {
  const end = new Promise<void>((done) => whenAskedToEnd(() => done()))
  const folder = await mkdtemp(join(tmpdir(), 'sessionchart-example-'))
  // Not after `end`: what packed the package ends this process at a signal by itself, with its own children.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const example = await Promise.race([copyExamples(folder, [name]).then(() => serveExample(folder, name)), end])
  if (!example) return
  console.log(greeting(name, example))
  await end
  await example.stop()
}

export async function main([name, ...more]: readonly string[]): Promise<void> {
  if (name === '--help' || name === '-h') return console.log(usage)
  if (name === undefined || more.length > 0 || !exampleNames.includes(name)) {
    const problem =
      name === undefined ? 'Which example?' : `There is no example ${JSON.stringify([name, ...more].join(' '))}.`
    console.error(`${problem}\n\n${usage}`)
    process.exit(2)
  }
  await serve(name)
  process.exit(0)
}
