import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { root, runNode, toolOf } from '../../scripts/command.ts'

// Small programs, as app developers write them, compiled together by the rules of this repository.

const beginning = `
import { accessTokenFrom, auth0UserMetadata, createSession, createSessionLogic, selectProfile, selectStatus, sessionFrom, sessionMachine, SessionError, type Session, type SessionErrorCode, type SessionFact } from '${root}/services/index.ts'
import { SessionGate, SessionProvider, useAccessToken, useCan, useProfile, useSession, useSessionFact, useUserMetadata } from '${root}/ui/react/index.ts'
import { createActor, fromPromise, sendTo, setup } from 'xstate'
import { z } from 'zod'

type Same<TOne, TOther> = (<T>() => T extends TOne ? 1 : 2) extends <T>() => T extends TOther ? 1 : 2 ? true : false
declare function same<TOne, TOther>(yes: Same<TOne, TOther>): void
declare const session: Session
declare const error: unknown
const schema = z.object({ colour: z.string() })
const needed = { authority: 'https://id.example', clientId: 'app', redirectUri: 'https://app.example/callback' }
void [accessTokenFrom, auth0UserMetadata, createSession, createSessionLogic, selectProfile, selectStatus, sessionFrom, sessionMachine, SessionError]
void [SessionGate, SessionProvider, useAccessToken, useCan, useProfile, useSession, useSessionFact, useUserMetadata]
void [createActor, fromPromise, sendTo, setup, same, schema, needed, session, error]
export type Used = [SessionErrorCode, SessionFact]
`

export type Programs = Readonly<Record<string, string>>
/** One text for each error, by the name of the program. */
export type Said = ReadonlyMap<string, readonly string[]>

/** What the native compiler (TypeScript 7) says of each program. */
export async function compileNatively(programs: Programs): Promise<Said> {
  const folder = mkdtempSync(join(tmpdir(), 'sessionchart-types-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const names = Object.keys(programs)
    for (const [place, name] of names.entries())
      writeFileSync(join(folder, `program-${place}.tsx`), `${beginning}${programs[name] ?? ''}\n`)
    const config = { extends: join(root, 'tsconfig.json'), include: ['*.tsx'], exclude: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const { output } = await runNode([toolOf('@typescript/native', 'tsc'), '-p', folder, '--pretty', 'false'], {
      cwd: folder,
    })
    const said = new Map<string, string[]>(names.map((name) => [name, []]))
    for (const part of output.trimEnd().split(/\n(?=\S)/)) {
      const [, place, message] = /^program-(\d+)\.tsx\(\d+,\d+\): error TS\d+: ([^]*)$/.exec(part) ?? []
      if (message !== undefined) said.get(names[Number(place)] ?? '')?.push(message)
      else if (part !== '') throw new Error(`The compiler says something of no program: ${part}`)
    }
    return said
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the compiler (TypeScript 6) says of each program, as it would in an editor. */
export function compile(programs: Programs): Said {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: object
  }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const paths = new Map(
    Object.keys(programs).map((name, place) => [name, join(root, `test/types/program-${place}.tsx`)]),
  )
  const texts = new Map([...paths].map(([name, path]) => [path, `${beginning}${programs[name] ?? ''}\n`]))
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (file) => texts.has(file) || fileExists(file)
  host.getSourceFile = (file, language, ...rest) => {
    const text = texts.get(file)
    return text === undefined
      ? getSourceFile(file, language, ...rest)
      : ts.createSourceFile(file, text, language, true, ts.ScriptKind.TSX)
  }
  const program = ts.createProgram([...texts.keys()], { ...options, noEmit: true, skipLibCheck: true }, host)
  return new Map(
    [...paths].map(([name, path]) => [
      name,
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(path))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    ]),
  )
}
