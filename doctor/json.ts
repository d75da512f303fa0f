export type Json = Readonly<Record<string, unknown>>

/** The object that a text holds, if it is one. */
export function jsonIn(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null
  } catch {
    return null
  }
}

/** A text of a JSON object; absent where there is none. */
export function textIn(json: Json | null, name: string): string | undefined {
  const value = json?.[name]
  return typeof value === 'string' ? value : undefined
}

/** A list of texts of a JSON object; absent where there is none. */
export function listIn(json: Json | null, name: string): readonly string[] | undefined {
  const value = json?.[name]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined
}
