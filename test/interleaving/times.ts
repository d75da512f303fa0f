// All in ms. What tabs promise each other holds for these figures of the real protocol.

/** For the answer to a question: a third of the patience (services/browser/turns.ts). */
export const answerTime = 5_000
/** What reaches a tab within this time reaches it in time: a question and its answer both fit into the time for an answer. */
export const prompt = 2_000
/** Nobody believes in work that holds a turn for longer than the longest request and write. */
export const longestWork = 65_000
/** A tab believes what it has read for so long, and acts on it before it hears that it has lost its turn (services/credentials/reading.ts). */
export const crossing = 3_000
/** Between two looks at what happens, while time passes. */
export const slice = 500
