/** Where everything of a chart lies, px from its upper left corner: plain data, made by `layOut` and drawn by `SessionChart`. */
export interface Geometry {
  readonly width: number
  readonly height: number
  /** Outer ones before what is within. */
  readonly states: readonly PlacedState[]
  readonly dots: readonly PlacedDot[]
  readonly edges: readonly PlacedEdge[]
}

/** Told as it is built (events, guards, services, actions by name), or as people experience it (in plain words). */
export type Words = 'built' | 'experienced'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface PlacedState extends Rectangle {
  readonly id: string
  readonly parent: string | null
  /** 0: the root. */
  readonly depth: number
  /** What it is called in the drawing. */
  readonly title: string
  /** Below its title; `linesOf` says where. */
  readonly rows: readonly Row[]
}

/** What is written in a state's box. */
export interface Row extends Item {
  /** `words`: what holds; `inner`: transitions that stay. */
  readonly kind: 'words' | 'invoke' | 'entry' | 'exit' | 'inner'
}

/** One thing that is said, broken into lines. */
export interface Item {
  readonly lines: readonly string[]
  /** The transitions of which it is said, by id. */
  readonly transitions: readonly string[]
}

/** Where a state begins. */
export interface PlacedDot {
  readonly of: string
  readonly x: number
  readonly y: number
  readonly path: readonly Point[]
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** All transitions from one state to another are one line, with a label that names each. */
export interface PlacedEdge {
  readonly source: string
  readonly target: string
  readonly transitions: readonly string[]
  readonly path: readonly Point[]
  readonly label: PlacedLabel | null
}

export interface PlacedLabel extends Rectangle {
  /** From top to bottom. The last may stand for several (`… and 3 more`). */
  readonly items: readonly Item[]
}
