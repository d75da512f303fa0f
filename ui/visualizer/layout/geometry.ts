import type { Row } from './boxes.ts'

/** Where everything of a chart lies, px from its upper left corner: plain data, made by `layOut` and drawn by `SessionChart`. */
export interface Geometry {
  readonly width: number
  readonly height: number
  readonly states: readonly PlacedState[]
  readonly dots: readonly PlacedDot[]
  readonly edges: readonly PlacedEdge[]
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface PlacedState extends Rectangle {
  readonly id: string
  /** 0: the root. */
  readonly depth: number
  readonly rows: readonly Row[]
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
  readonly label: (Rectangle & { readonly lines: readonly string[] }) | null
}
