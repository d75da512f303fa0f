/** The data folder is in use, cannot be written or holds what cannot be read; the message says what to do. */
export class DataFolderProblem extends Error {}
