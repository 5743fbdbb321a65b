import { Refusal } from '../../core/refusal.ts'

/** Where the next page begins: opaque to callers, and checked like everything else that comes from outside. */
export const cursorOf = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url')

export function readCursor(cursor: string | undefined, shapes: readonly RegExp[]): readonly string[] | null {
  if (cursor === undefined) return null
  const refused = new Refusal('invalid', 'This cursor is not one of ours. Begin again without one.')
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    throw refused
  }
  if (!Array.isArray(parts) || parts.length !== shapes.length) throw refused
  if (!parts.every((part, i) => typeof part === 'string' && shapes[i]?.test(part))) throw refused
  return parts as string[]
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const MILLISECONDS = /^\d{1,14}$/
