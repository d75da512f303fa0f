import type { AnyStateMachine } from 'xstate'
import { accountMachine, renewalMachine, sessionMachine } from '../../machines/index.ts'

// `npm run statechart -- path/to/machine.ts` puts the machines of that file in the place of this one (`scripts/statechart.ts`).

/** The machines that the page shows, the outermost first. */
export const machines: readonly AnyStateMachine[] = [sessionMachine, renewalMachine, accountMachine]

/** Everything but looking is about the life of a session. */
export const areOurs: boolean = true

/** Why there is none to show, if so. */
export const problem: string | null = null
