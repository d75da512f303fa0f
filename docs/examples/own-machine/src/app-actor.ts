import { sessionFrom } from 'sessionchart'
import { createActor } from 'xstate'
import { teaMachine } from './machine.ts'
import { keepPicture, lastPicture } from './picture.ts'

export const picture = lastPicture()

/** The app is an actor; the session runs within it, and starts and stops with it. */
export const app = createActor(teaMachine)
app.start()

const { session: actor } = app.getSnapshot().children
if (actor === undefined) throw new Error('The tea house has no session.')

/** The same session with the face that `createSession` gives, for `<SessionProvider>`. */
export const session = sessionFrom(actor)
keepPicture(session)
