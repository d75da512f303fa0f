import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../../scripts/command.ts'

// Small programs, as app developers write them, compiled together by the rules of this repository.

const beginning = `
import { accessTokenFrom, createSession, createSessionLogic, sessionFrom, sessionMachine, SessionError, type Session, type SessionErrorCode, type SessionFact } from '${root}/services/index.ts'
import { SessionGate, useAccessToken, useCan, useProfile, useSession, useUserMetadata } from '${root}/ui/react/index.ts'
import { createActor, fromPromise, sendTo, setup } from 'xstate'
import { z } from 'zod'

type Same<TOne, TOther> = (<T>() => T extends TOne ? 1 : 2) extends <T>() => T extends TOther ? 1 : 2 ? true : false
declare function same<TOne, TOther>(yes: Same<TOne, TOther>): void
declare const session: Session
declare const error: unknown
const schema = z.object({ colour: z.string() })
const needed = { authority: 'https://id.example', clientId: 'app', redirectUri: 'https://app.example/callback' }
void [accessTokenFrom, createSession, createSessionLogic, sessionFrom, sessionMachine, SessionError, SessionGate, useAccessToken, useCan, useProfile, useSession, useUserMetadata]
void [createActor, fromPromise, sendTo, setup, same, schema, needed, session, error]
export type Used = [SessionErrorCode, SessionFact]
`

/** What the compiler says of each program, as it would in an editor: one text for each error. */
export function compile(programs: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
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
